// Package cohere embeds with Cohere's own API (POST /embed of v2), which other
// servers implement too. Texts that are too long are refused, not cut. Start with
// [New].
package cohere

import (
	"context"

	"dalil/corpus"
	"dalil/embedder"
	"dalil/embedder/endpoint"
)

// Options has the model and its address. Model and Dimensions are required.
type Options struct {
	Endpoint endpoint.Options // its URL is without the final /embed; "": https://api.cohere.com/v2
	Prefixes endpoint.Prefixes
	// Parameters may change the roles' input_type, which is search_query or
	// search_document.
	Parameters endpoint.Parameters
	Model      string
	Revision   string // revision of the model, if its name does not determine it; empty: "unversioned"
	Dimensions int    // longer vectors are cut to it
	MaxTokens  int    // of one text; 0: unlimited
	MaxBatch   int    // texts in one call; 0: 96, the API's limit
}

// Embedder embeds with one model.
type Embedder struct {
	options Options
	client  *endpoint.Client
	model   embedder.Model
}

var _ embedder.Embedder = (*Embedder)(nil)

// New checks the options; it does not call the endpoint.
func New(options Options) (*Embedder, error) {
	if options.Model == "" {
		return nil, corpus.Invalid("model", "is empty")
	}
	if err := endpoint.CheckDimensions(options.Dimensions, 1); err != nil {
		return nil, err
	}
	if options.Endpoint.URL == "" {
		options.Endpoint.URL = "https://api.cohere.com/v2"
	}
	if options.Revision == "" {
		options.Revision = "unversioned"
	}
	if options.MaxBatch <= 0 {
		options.MaxBatch = 96
	}
	client, err := endpoint.New(options.Endpoint)
	if err != nil {
		return nil, err
	}
	return &Embedder{options, client, embedder.Model{
		Name: "cohere:" + options.Model, Revision: options.Revision, Dimensions: options.Dimensions,
		MaxTokens: options.MaxTokens, MaxBatch: options.MaxBatch,
	}}, nil
}

// Remote reports true, because each call goes to the endpoint.
func (e *Embedder) Remote() bool { return true }

// Model returns the configured model.
func (e *Embedder) Model() embedder.Model { return e.model }

// question is the body of POST /embed.
type question struct {
	Model     string   `json:"model"`
	Texts     []string `json:"texts"`
	InputType string   `json:"input_type"`
	Types     []string `json:"embedding_types"`
	Truncate  string   `json:"truncate"`
}

type answer struct {
	Embeddings struct {
		Float []endpoint.Row `json:"float"`
	} `json:"embeddings"`
	Meta struct {
		Billed struct {
			Tokens endpoint.Int `json:"input_tokens"`
		} `json:"billed_units"`
	} `json:"meta"`
}

// Empty reports whether there are no vectors; the client then looks for an error object.
func (a *answer) Empty() bool { return len(a.Embeddings.Float) == 0 }

// Embed makes one call.
func (e *Embedder) Embed(ctx context.Context, role embedder.Role, texts []string) (embedder.Embeddings, error) {
	if err := ctx.Err(); err != nil || len(texts) == 0 {
		return embedder.Embeddings{}, err
	}
	q := question{
		Model: e.options.Model, Texts: e.options.Prefixes.Inputs(role, texts), InputType: "search_document",
		Types: []string{"float"}, Truncate: "NONE",
	}
	if role == embedder.Query {
		q.InputType = "search_query"
	}
	var a answer
	if err := e.client.Post(ctx, "embed", e.options.Parameters.With(role, q), &a); err != nil {
		return embedder.Embeddings{}, err
	}
	vectors, err := endpoint.Fit(a.Embeddings.Float, len(texts), e.options.Dimensions)
	return embedder.Embeddings{Vectors: vectors, Tokens: int(a.Meta.Billed.Tokens)}, err
}

// Package tei embeds with Hugging Face's text-embeddings-inference and its own HTTP
// API (POST /embed, GET /info). The server reports its model and limits, and
// refuses texts that are too long instead of cutting them. Start with [New].
package tei

import (
	"context"
	"fmt"

	"dalil/corpus"
	"dalil/embedder"
	"dalil/embedder/endpoint"
)

// Options has the server's address. Endpoint.URL ("http://127.0.0.1:8080") and
// Dimensions are required.
type Options struct {
	Endpoint   endpoint.Options
	Prefixes   endpoint.Prefixes
	Parameters endpoint.Parameters
	Dimensions int // width of the vectors; longer ones are cut to it
	MaxBatch   int // largest number of texts in one call; 0: the server's limit
}

// Embedder embeds with one server, which serves one model.
type Embedder struct {
	options Options
	client  *endpoint.Client
	model   embedder.Model
}

var _ embedder.Embedder = (*Embedder)(nil)

// info is the part of GET /info that is read.
type info struct {
	ModelID      string `json:"model_id"`
	ModelSHA     string `json:"model_sha"`
	MaxInput     int    `json:"max_input_length"`
	MaxBatch     int    `json:"max_client_batch_size"`
	ModelPooling struct {
		Embedding struct {
			Pooling string `json:"pooling"`
		} `json:"embedding"`
	} `json:"model_type"`
}

// New reads the model and its limits from the server.
func New(ctx context.Context, options Options) (*Embedder, error) {
	if err := endpoint.CheckDimensions(options.Dimensions, 1); err != nil {
		return nil, err
	}
	client, err := endpoint.New(options.Endpoint)
	if err != nil {
		return nil, err
	}
	var i info
	if err := client.Get(ctx, "info", &i); err != nil {
		return nil, fmt.Errorf("ask %s for its model: %w", options.Endpoint.URL, err)
	}
	if i.ModelID == "" {
		return nil, corpus.Errorf(corpus.ErrUnavailable, "%s answers, but reports no model; check that it is text-embeddings-inference", options.Endpoint.URL)
	}
	revision := i.ModelSHA
	if revision == "" {
		revision = "unversioned"
	}
	if pooling := i.ModelPooling.Embedding.Pooling; pooling != "" {
		revision += "+" + pooling
	}
	if options.MaxBatch <= 0 || i.MaxBatch > 0 && options.MaxBatch > i.MaxBatch {
		options.MaxBatch = i.MaxBatch
	}
	if options.MaxBatch <= 0 {
		options.MaxBatch = 32 // the server's own default
	}
	return &Embedder{options, client, embedder.Model{
		Name: "tei:" + i.ModelID, Revision: revision, Dimensions: options.Dimensions, MaxTokens: i.MaxInput, MaxBatch: options.MaxBatch,
	}}, nil
}

// Remote reports true, because each call goes to the server.
func (e *Embedder) Remote() bool { return true }

// Model returns the model of the server.
func (e *Embedder) Model() embedder.Model { return e.model }

// question is the body of POST /embed. Nothing is cut: the server answers 413 or
// 422 to a text that is too long.
type question struct {
	Inputs    []string `json:"inputs"`
	Truncate  bool     `json:"truncate"`
	Normalize bool     `json:"normalize"`
}

// Embed makes one call.
func (e *Embedder) Embed(ctx context.Context, role embedder.Role, texts []string) (embedder.Embeddings, error) {
	if err := ctx.Err(); err != nil || len(texts) == 0 {
		return embedder.Embeddings{}, err
	}
	var rows []endpoint.Row
	q := question{Inputs: e.options.Prefixes.Inputs(role, texts), Normalize: true}
	if err := e.client.Post(ctx, "embed", e.options.Parameters.With(role, q), &rows); err != nil {
		return embedder.Embeddings{}, err
	}
	vectors, err := endpoint.Fit(rows, len(texts), e.options.Dimensions)
	return embedder.Embeddings{Vectors: vectors}, err
}

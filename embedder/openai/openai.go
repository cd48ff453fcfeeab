// Package openai embeds through any endpoint that speaks OpenAI's
// POST /v1/embeddings: OpenAI itself, vLLM, text-embeddings-inference,
// llama.cpp, Ollama, LM Studio, LocalAI. Start with [New].
package openai

import (
	"context"
	"fmt"

	"dalil/corpus"
	"dalil/embedder"
	"dalil/embedder/endpoint"
)

// Options say which model is asked, where and how. Endpoint.URL, Model and
// Dimensions are needed.
type Options struct {
	// Endpoint is where; its URL goes up to and without /embeddings:
	// "https://api.openai.com/v1". MaxReplyBytes is by default what MaxBatch
	// vectors can take as JSON.
	Endpoint   endpoint.Options
	Prefixes   endpoint.Prefixes
	Model      string
	Revision   string // of the model, where the name alone does not fix it; empty: "unversioned"
	Dimensions int    // width of the vectors wanted
	// Shorten asks the endpoint for Dimensions (Matryoshka models of OpenAI's
	// API); otherwise longer vectors are cut here and made unit again.
	Shorten   bool
	MaxTokens int // of one text; 0: unlimited
	MaxBatch  int // texts in one call; 0: 256
}

// Embedder asks one model of one endpoint.
type Embedder struct {
	options Options
	client  *endpoint.Client
	model   embedder.Model
}

var _ embedder.Embedder = (*Embedder)(nil)

// New checks the options; it does not call the endpoint.
func New(options Options) (*Embedder, error) {
	switch {
	case options.Model == "":
		return nil, corpus.Invalid("model", "is empty")
	case options.Dimensions <= 0 || options.Dimensions > 1<<16:
		return nil, corpus.Invalid("dimensions", fmt.Sprintf("must be 1 to 65536, is %d", options.Dimensions))
	}
	if options.Revision == "" {
		options.Revision = "unversioned"
	}
	if options.MaxBatch <= 0 {
		options.MaxBatch = 256
	}
	if options.Endpoint.MaxReplyBytes <= 0 {
		// A number takes up to 24 letters; the vector may be longer than what
		// is kept of it.
		options.Endpoint.MaxReplyBytes = 1<<20 + int64(options.MaxBatch)*int64(max(options.Dimensions, 4096))*24
	}
	client, err := endpoint.New(options.Endpoint)
	if err != nil {
		return nil, err
	}
	return &Embedder{
		options: options, client: client,
		model: embedder.Model{
			Name: "openai:" + options.Model, Revision: options.Revision, Dimensions: options.Dimensions,
			MaxTokens: options.MaxTokens, MaxBatch: options.MaxBatch,
		},
	}, nil
}

// Model tells the configured model.
func (e *Embedder) Model() embedder.Model { return e.model }

// Embed makes one call.
func (e *Embedder) Embed(ctx context.Context, role embedder.Role, texts []string) (embedder.Embeddings, error) {
	if err := ctx.Err(); err != nil || len(texts) == 0 {
		return embedder.Embeddings{}, err
	}
	q := question{Model: e.options.Model, Input: e.options.Prefixes.Inputs(role, texts), EncodingFormat: "float"}
	if e.options.Shorten {
		q.Dimensions = e.options.Dimensions
	}
	var a answer
	if err := e.client.Post(ctx, "embeddings", q, &a); err != nil {
		return embedder.Embeddings{}, err
	}
	rows, err := a.ordered(len(texts))
	if err != nil {
		return embedder.Embeddings{}, err
	}
	for i, row := range rows {
		if e.options.Shorten && len(row) > e.options.Dimensions {
			return embedder.Embeddings{}, fmt.Errorf("%w: vector %d has %d dimensions, though %d were asked for", corpus.ErrUnavailable, i, len(row), e.options.Dimensions)
		}
	}
	vectors, err := endpoint.Fit(rows, len(texts), e.options.Dimensions)
	if err != nil {
		return embedder.Embeddings{}, err
	}
	return embedder.Embeddings{Vectors: vectors, Tokens: a.Usage.PromptTokens}, nil
}

// question is the body of a call, and answer the part of the reply that is
// read (OpenAI API reference, "Create embeddings").
type question struct {
	Model          string   `json:"model"`
	Input          []string `json:"input"`
	EncodingFormat string   `json:"encoding_format"`
	Dimensions     int      `json:"dimensions,omitempty"`
}

type answer struct {
	Data []struct {
		Index     *int         `json:"index"`
		Embedding endpoint.Row `json:"embedding"`
	} `json:"data"`
	Usage struct {
		PromptTokens int `json:"prompt_tokens"`
	} `json:"usage"`
}

// ordered puts the reply in the order of the texts: an endpoint may answer in
// another one and tells it by index.
func (a answer) ordered(n int) ([]endpoint.Row, error) {
	if len(a.Data) != n {
		return nil, fmt.Errorf("%w: the reply has %d vectors for %d texts", corpus.ErrUnavailable, len(a.Data), n)
	}
	rows := make([]endpoint.Row, n)
	for i, d := range a.Data {
		at := i
		if d.Index != nil {
			at = *d.Index
		}
		if at < 0 || at >= n || rows[at] != nil {
			return nil, fmt.Errorf("%w: the reply has index %d twice or out of range", corpus.ErrUnavailable, at)
		}
		rows[at] = d.Embedding
		if d.Embedding == nil {
			rows[at] = endpoint.Row{}
		}
	}
	return rows, nil
}

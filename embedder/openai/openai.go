// Package openai embeds with any endpoint that has OpenAI's POST /v1/embeddings:
// OpenAI itself, vLLM, text-embeddings-inference, llama.cpp, Ollama, LM Studio,
// LocalAI. Start with [New].
package openai

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"

	"dalil/corpus"
	"dalil/embedder"
	"dalil/embedder/endpoint"
)

// Options has the model and the endpoint's address. Endpoint.URL, Model and
// Dimensions are required.
type Options struct {
	// Endpoint has the address without the final /embeddings:
	// "https://api.openai.com/v1". The default of MaxReplyBytes is the largest size
	// of MaxBatch vectors in JSON.
	Endpoint   endpoint.Options
	Prefixes   endpoint.Prefixes
	Parameters endpoint.Parameters
	Model      string
	Revision   string // revision of the model, if its name does not determine it; empty: "unversioned"
	Dimensions int    // width of the vectors wanted
	// Shorten requests vectors of Dimensions from the endpoint (Matryoshka models
	// of OpenAI's API). Otherwise longer vectors are cut here and scaled to unit
	// length again.
	Shorten   bool
	MaxTokens int // of one text; 0: unlimited
	MaxBatch  int // texts in one call; 0: 256
}

// Embedder embeds with one model of one endpoint.
type Embedder struct {
	options Options
	client  *endpoint.Client
	model   embedder.Model
	bare    atomic.Bool // the endpoint refused encoding_format
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

// Remote reports true, because each call goes to the endpoint.
func (e *Embedder) Remote() bool { return true }

// Model returns the configured model.
func (e *Embedder) Model() embedder.Model { return e.model }

// Embed makes one call.
func (e *Embedder) Embed(ctx context.Context, role embedder.Role, texts []string) (embedder.Embeddings, error) {
	if err := ctx.Err(); err != nil || len(texts) == 0 {
		return embedder.Embeddings{}, err
	}
	a, err := e.ask(ctx, role, texts)
	if err != nil {
		return embedder.Embeddings{}, err
	}
	rows, err := a.ordered(len(texts))
	if err != nil {
		return embedder.Embeddings{}, err
	}
	for i, row := range rows {
		if e.options.Shorten && len(row) > e.options.Dimensions {
			return embedder.Embeddings{}, corpus.Errorf(corpus.ErrUnavailable, "vector %d of the reply has %d dimensions, %d were asked for: the endpoint ignores dimensions", i, len(row), e.options.Dimensions)
		}
	}
	vectors, err := endpoint.Fit(rows, len(texts), e.options.Dimensions)
	if err != nil {
		return embedder.Embeddings{}, err
	}
	return embedder.Embeddings{Vectors: vectors, Tokens: a.tokens()}, nil
}

// ask makes the call. Some endpoints refuse encoding_format because they do not
// support it. They reply with numbers, so later calls leave it out.
func (e *Embedder) ask(ctx context.Context, role embedder.Role, texts []string) (answer, error) {
	q := question{Model: e.options.Model, Input: e.options.Prefixes.Inputs(role, texts)}
	if !e.bare.Load() {
		q.EncodingFormat = "float"
	}
	if e.options.Shorten {
		q.Dimensions = e.options.Dimensions
	}
	var a answer
	err := e.client.Post(ctx, "embeddings", e.options.Parameters.With(role, q), &a)
	if errors.Is(err, corpus.ErrInvalid) && strings.Contains(err.Error(), "encoding_format") && !e.bare.Swap(true) {
		return e.ask(ctx, role, texts)
	}
	return a, err
}

// question is the body of a call (OpenAI API reference, "Create embeddings").
type question struct {
	Model          string   `json:"model"`
	Input          []string `json:"input"`
	EncodingFormat string   `json:"encoding_format,omitempty"`
	Dimensions     int      `json:"dimensions,omitempty"`
}

// Package ollama embeds with Ollama's own API (POST /api/embed, with truncate off,
// so that nothing is cut silently). The server reports the model's digest, width
// and context length. Start with [New].
package ollama

import (
	"context"
	"fmt"
	"strings"

	"dalil/corpus"
	"dalil/embedder"
	"dalil/embedder/endpoint"
)

// Options has the server's address and the name of a model. Endpoint.URL
// ("http://127.0.0.1:11434") and Model are required.
type Options struct {
	Endpoint   endpoint.Options
	Prefixes   endpoint.Prefixes
	Parameters endpoint.Parameters
	Model      string // as "ollama list" names it; without a tag: latest
	Dimensions int    // longer vectors are cut to it; 0: the model's own width
	MaxBatch   int    // texts in one call; 0: 64
}

// Embedder embeds with one model of one server.
type Embedder struct {
	options Options
	client  *endpoint.Client
	model   embedder.Model
}

var _ embedder.Embedder = (*Embedder)(nil)

// New reads the model's digest, width and context length from the server.
func New(ctx context.Context, options Options) (*Embedder, error) {
	if options.Model == "" {
		return nil, corpus.Invalid("model", "is empty")
	}
	if err := endpoint.CheckDimensions(options.Dimensions, 0); err != nil {
		return nil, err
	}
	client, err := endpoint.New(options.Endpoint)
	if err != nil {
		return nil, err
	}
	e := &Embedder{options: options, client: client}
	if e.options.MaxBatch <= 0 {
		e.options.MaxBatch = 64
	}
	e.model = embedder.Model{Name: "ollama:" + options.Model, MaxBatch: e.options.MaxBatch}
	if e.model.Revision, err = e.digest(ctx); err != nil {
		return nil, err
	}
	width, err := e.show(ctx)
	if err != nil {
		return nil, err
	}
	switch {
	case options.Dimensions == 0 && width == 0:
		return nil, corpus.Invalid("dimensions", fmt.Sprintf("must be set, because %s does not report the width of %s", options.Endpoint.URL, options.Model))
	case options.Dimensions > width && width > 0:
		return nil, corpus.Invalid("dimensions", fmt.Sprintf("is %d, more than the %d of %s", options.Dimensions, width, options.Model))
	}
	e.model.Dimensions = options.Dimensions
	if options.Dimensions == 0 {
		e.model.Dimensions = width
	}
	return e, nil
}

// digest returns the digest that the model's name has at this moment.
func (e *Embedder) digest(ctx context.Context) (string, error) {
	var tags struct {
		Models []struct {
			Name   string `json:"name"`
			Digest string `json:"digest"`
		} `json:"models"`
	}
	if err := e.client.Get(ctx, "api/tags", &tags); err != nil {
		return "", fmt.Errorf("ask %s for its models: %w", e.options.Endpoint.URL, err)
	}
	wanted := e.options.Model
	if !strings.Contains(wanted, ":") {
		wanted += ":latest"
	}
	for _, m := range tags.Models {
		if m.Name == wanted && m.Digest != "" {
			return m.Digest[:min(len(m.Digest), 12)], nil
		}
	}
	return "", corpus.Errorf(corpus.ErrDenied, "%s has no model %s; run \"ollama pull %s\"", e.options.Endpoint.URL, wanted, e.options.Model)
}

// show reads the model's width and context length; their keys begin with the
// model's architecture.
func (e *Embedder) show(ctx context.Context) (width int, err error) {
	var shown struct {
		Info map[string]any `json:"model_info"`
	}
	if err := e.client.Post(ctx, "api/show", map[string]string{"model": e.options.Model}, &shown); err != nil {
		return 0, fmt.Errorf("ask %s for %s: %w", e.options.Endpoint.URL, e.options.Model, err)
	}
	for key, value := range shown.Info {
		n, _ := value.(float64) // other values have other keys
		switch {
		case strings.HasSuffix(key, ".embedding_length"):
			width = int(n)
		case strings.HasSuffix(key, ".context_length"):
			e.model.MaxTokens = int(n)
		}
	}
	return width, nil
}

// Remote reports true, because each call goes to the server.
func (e *Embedder) Remote() bool { return true }

// Model returns the model as New read it.
func (e *Embedder) Model() embedder.Model { return e.model }

type question struct {
	Model    string   `json:"model"`
	Input    []string `json:"input"`
	Truncate bool     `json:"truncate"`
}

type answer struct {
	Embeddings []endpoint.Row `json:"embeddings"`
	Tokens     endpoint.Int   `json:"prompt_eval_count"`
}

// Empty reports whether there are no vectors; the client then looks for an error object.
func (a *answer) Empty() bool { return len(a.Embeddings) == 0 }

// Embed makes one call.
func (e *Embedder) Embed(ctx context.Context, role embedder.Role, texts []string) (embedder.Embeddings, error) {
	if err := ctx.Err(); err != nil || len(texts) == 0 {
		return embedder.Embeddings{}, err
	}
	var a answer
	q := question{Model: e.options.Model, Input: e.options.Prefixes.Inputs(role, texts)}
	if err := e.client.Post(ctx, "api/embed", e.options.Parameters.With(role, q), &a); err != nil {
		return embedder.Embeddings{}, err
	}
	vectors, err := endpoint.Fit(a.Embeddings, len(texts), e.model.Dimensions)
	return embedder.Embeddings{Vectors: vectors, Tokens: int(a.Tokens)}, err
}

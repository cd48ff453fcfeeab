// Package rerank scores passages for a question with an external model: POST
// /rerank as Jina, Cohere, vLLM and Voyage define it, or as
// text-embeddings-inference does. Start with [New].
package rerank

import (
	"context"
	"errors"
	"math"
	"strings"
	"sync/atomic"
	"time"

	"github.com/sony/gobreaker/v2"

	"dalil/corpus"
	"dalil/embedder/endpoint"
)

// Options has the model's address. Endpoint.URL is required, without the final
// /rerank ("https://api.jina.ai/v1", "http://127.0.0.1:8080").
type Options struct {
	Endpoint   endpoint.Options
	Model      string         // empty: the server has only one
	Parameters map[string]any // additional fields of the request; nil leaves a field out
}

// Client calls one model. It is safe for concurrent use.
type Client struct {
	options Options
	client  *endpoint.Client
	breaker *gobreaker.CircuitBreaker[[]float32]
	native  atomic.Bool // the server expects "texts", as text-embeddings-inference does
}

const (
	failures = 5               // failures in a row after which calls are paused
	rest     = 5 * time.Second // length of the pause
)

// New checks the options. It makes no call.
func New(options Options) (*Client, error) {
	client, err := endpoint.New(options.Endpoint)
	if err != nil {
		return nil, err
	}
	return &Client{options: options, client: client, breaker: gobreaker.NewCircuitBreaker[[]float32](gobreaker.Settings{
		Name: "rerank", MaxRequests: 1, Timeout: rest,
		ReadyToTrip: func(c gobreaker.Counts) bool { return c.ConsecutiveFailures >= failures },
		IsSuccessful: func(err error) bool {
			return err == nil || errors.Is(err, context.Canceled) || errors.Is(err, corpus.ErrInvalid)
		},
	})}, nil
}

// Scores returns one score for each text, in order; a higher score is better. After
// five failures in a row, calls are paused for five seconds. Every error has a
// kind, like those of an embedder.
func (c *Client) Scores(ctx context.Context, query string, texts []string) ([]float32, error) {
	if err := ctx.Err(); err != nil || len(texts) == 0 {
		return nil, err
	}
	scores, err := c.breaker.Execute(func() ([]float32, error) { return c.ask(ctx, query, texts) })
	if errors.Is(err, gobreaker.ErrOpenState) || errors.Is(err, gobreaker.ErrTooManyRequests) {
		return nil, corpus.Errorf(corpus.ErrUnavailable, "the reranker failed too often, so calls to it are paused")
	}
	return scores, err
}

// question is the body of a call. One of the two lists is set.
type question struct {
	Model     string   `json:"model,omitempty"`
	Query     string   `json:"query"`
	Documents []string `json:"documents,omitempty"`
	Texts     []string `json:"texts,omitempty"`
	Truncate  bool     `json:"truncate,omitempty"`
}

func (c *Client) ask(ctx context.Context, query string, texts []string) ([]float32, error) {
	inputs := endpoint.Prefixes{}.Inputs(0, append([]string{query}, texts...))
	q := question{Model: c.options.Model, Query: inputs[0]}
	native := c.native.Load()
	if native {
		q.Texts, q.Truncate = inputs[1:], true
	} else {
		q.Documents = inputs[1:]
	}
	var a answer
	err := c.client.Post(ctx, "rerank", endpoint.Parameters{Passage: c.options.Parameters}.With(0, q), &a)
	switch {
	case !native && errors.Is(err, corpus.ErrInvalid) && strings.Contains(err.Error(), "texts") && !c.native.Swap(true):
		return c.ask(ctx, query, texts)
	case err != nil:
		return nil, err
	}
	return a.scores(len(texts))
}

// scores returns the results in the order of the texts.
func (a *answer) scores(n int) ([]float32, error) {
	if len(a.results) != n {
		return nil, corpus.Errorf(corpus.ErrUnavailable, "the reply has %d scores for %d texts", len(a.results), n)
	}
	scores, seen := make([]float32, n), make([]bool, n)
	for i, r := range a.results {
		score := r.Relevance
		if score == nil {
			score = r.Score
		}
		switch {
		case r.Index == nil || int(*r.Index) >= n || seen[*r.Index]:
			return nil, corpus.Errorf(corpus.ErrUnavailable, "result %d of the reply has no index of its own, of %d texts", i, n)
		case score == nil || math.IsNaN(float64(*score)) || math.IsInf(float64(*score), 0):
			return nil, corpus.Errorf(corpus.ErrUnavailable, "result %d of the reply has no score", i)
		}
		seen[*r.Index], scores[*r.Index] = true, float32(*score)
	}
	return scores, nil
}

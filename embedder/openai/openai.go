// Package openai embeds through any endpoint that speaks OpenAI's
// POST /v1/embeddings: OpenAI itself, vLLM, text-embeddings-inference,
// llama.cpp, Ollama, LM Studio, LocalAI. Start with [New].
package openai

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"dalil/corpus"
	"dalil/embedder"
)

// Options say which model is asked, where and how. BaseURL, Model and
// Dimensions are needed.
type Options struct {
	BaseURL    string // up to and without /embeddings: "https://api.openai.com/v1"
	Key        string // sent as a bearer token; empty: none is sent
	Model      string
	Revision   string // of the model, where the name alone does not fix it; empty: "unversioned"
	Dimensions int    // width of the vectors wanted
	// Shorten asks the endpoint for Dimensions (Matryoshka models of OpenAI's
	// API); otherwise longer vectors are cut here and made unit again.
	Shorten       bool
	MaxTokens     int // of one text; 0: unlimited
	MaxBatch      int // texts in one call; 0: 256
	QueryPrefix   string
	PassagePrefix string
	Timeout       time.Duration // of one call; 0: 60 s
	MaxReplyBytes int64         // 0: what MaxBatch vectors can take as JSON
	// Client makes the calls; nil: one of its own with bounded connections. Its
	// redirect policy is replaced: a redirect to another host is refused.
	Client *http.Client
}

// Embedder asks one model of one endpoint.
type Embedder struct {
	options  Options
	endpoint string
	client   *http.Client
	model    embedder.Model
}

var _ embedder.Embedder = (*Embedder)(nil)

// New checks the options; it does not call the endpoint.
func New(options Options) (*Embedder, error) {
	base, err := url.Parse(options.BaseURL)
	switch {
	case err != nil:
		return nil, corpus.Invalid("base_url", err.Error())
	case base.Scheme != "http" && base.Scheme != "https" || base.Host == "":
		return nil, corpus.Invalid("base_url", fmt.Sprintf("%q is no http or https address", options.BaseURL))
	case base.User != nil:
		return nil, corpus.Invalid("base_url", "must not hold a password; use the key")
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
	if options.Timeout <= 0 {
		options.Timeout = time.Minute
	}
	if options.MaxReplyBytes <= 0 {
		// A number takes up to 24 letters; the vector may be longer than what
		// is kept of it.
		options.MaxReplyBytes = 1<<20 + int64(options.MaxBatch)*int64(max(options.Dimensions, 4096))*24
	}
	return &Embedder{
		options: options, endpoint: base.JoinPath("embeddings").String(), client: client(options),
		model: embedder.Model{
			Name: "openai:" + options.Model, Revision: options.Revision, Dimensions: options.Dimensions,
			MaxTokens: options.MaxTokens, MaxBatch: options.MaxBatch,
		},
	}, nil
}

// client has a bounded pool, and follows redirects within one host only: a key
// must not travel to a stranger.
func client(options Options) *http.Client {
	c := http.Client{}
	if options.Client != nil {
		c = *options.Client
	}
	if c.Transport == nil {
		transport := http.DefaultTransport.(*http.Transport).Clone()
		transport.MaxConnsPerHost = 16
		transport.MaxIdleConnsPerHost = 16
		c.Transport = transport
	}
	c.CheckRedirect = func(next *http.Request, via []*http.Request) error {
		if next.URL.Host != via[0].URL.Host || next.URL.Scheme != via[0].URL.Scheme {
			return fmt.Errorf("refused a redirect from %s to %s", via[0].URL.Host, next.URL.Host)
		}
		if len(via) > 3 {
			return fmt.Errorf("gave up after %d redirects", len(via))
		}
		return nil
	}
	return &c
}

// Model tells the configured model.
func (e *Embedder) Model() embedder.Model { return e.model }

// blank stands for a text of white space: several endpoints refuse it.
const blank = "-"

// Embed makes one call.
func (e *Embedder) Embed(ctx context.Context, role embedder.Role, texts []string) (embedder.Embeddings, error) {
	if err := ctx.Err(); err != nil || len(texts) == 0 {
		return embedder.Embeddings{}, err
	}
	prefix := e.options.PassagePrefix
	if role == embedder.Query {
		prefix = e.options.QueryPrefix
	}
	inputs := make([]string, len(texts))
	for i, text := range texts {
		text = strings.ToValidUTF8(text, "\uFFFD")
		if strings.TrimSpace(text) == "" {
			text = blank
		}
		inputs[i] = prefix + text
	}
	ctx, cancel := context.WithTimeoutCause(ctx, e.options.Timeout, errTimeout)
	defer cancel()
	reply, err := e.call(ctx, inputs)
	if err != nil {
		return embedder.Embeddings{}, err
	}
	vectors, err := e.vectors(reply, len(texts))
	if err != nil {
		return embedder.Embeddings{}, err
	}
	return embedder.Embeddings{Vectors: vectors, Tokens: reply.Usage.PromptTokens}, nil
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
		Index     *int      `json:"index"`
		Embedding []float32 `json:"embedding"`
	} `json:"data"`
	Usage struct {
		PromptTokens int `json:"prompt_tokens"`
	} `json:"usage"`
}

func (e *Embedder) request(ctx context.Context, inputs []string) (*http.Request, error) {
	q := question{Model: e.options.Model, Input: inputs, EncodingFormat: "float"}
	if e.options.Shorten {
		q.Dimensions = e.options.Dimensions
	}
	body, err := json.Marshal(q)
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, e.endpoint, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Accept", "application/json")
	if e.options.Key != "" {
		request.Header.Set("Authorization", "Bearer "+e.options.Key)
	}
	return request, nil
}

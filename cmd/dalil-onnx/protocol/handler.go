// Package protocol implements POST /v1/embeddings as OpenAI defines it (OpenAI API
// reference, "Create embeddings"), GET /v1/models and /healthz. Start at [New].
package protocol

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"dalil/cmd/dalil-onnx/encoder"
)

// Encoder makes the vectors; *encoder.Encoder is one.
type Encoder interface {
	Width() int
	MaxTokens() int
	Embed(ctx context.Context, texts []string) (vectors [][]float32, tokens int, err error)
}

// Options bound the requests; zero fields take the defaults.
type Options struct {
	Model        string // the name that requests must give
	Parallel     int    // requests that are computed at once; 0: 1
	Waiting      int    // further requests that may wait; others get status 429; 0: 64
	RequestBytes int64  // 0: 8 MiB
	Texts        int    // in one request; 0: 2048
	Log          *slog.Logger
}

type handler struct {
	encoder Encoder
	options Options
	places  chan struct{} // held by requests that wait or run
	turns   chan struct{} // held by requests that run
	started time.Time
}

// New gives the service of one model.
func New(e Encoder, options Options) http.Handler {
	if options.Parallel <= 0 {
		options.Parallel = 1
	}
	if options.Waiting <= 0 {
		options.Waiting = 64
	}
	if options.RequestBytes <= 0 {
		options.RequestBytes = 8 << 20
	}
	if options.Texts <= 0 {
		options.Texts = 2048
	}
	if options.Log == nil {
		options.Log = slog.New(slog.DiscardHandler)
	}
	h := &handler{
		encoder: e, options: options, started: time.Now(),
		places: make(chan struct{}, options.Parallel+options.Waiting), turns: make(chan struct{}, options.Parallel),
	}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v1/embeddings", h.embeddings)
	mux.HandleFunc("GET /v1/models", h.models)
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	mux.HandleFunc("/v1/embeddings", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Allow", http.MethodPost)
		refuse(w, http.StatusMethodNotAllowed, refusal{Message: r.Method + " is not POST"})
	})
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		refuse(w, http.StatusNotFound, refusal{Message: "there are POST /v1/embeddings, GET /v1/models and GET /healthz"})
	})
	return mux
}

func (h *handler) models(w http.ResponseWriter, _ *http.Request) {
	type model struct {
		ID         string `json:"id"`
		Object     string `json:"object"`
		Created    int64  `json:"created"`
		OwnedBy    string `json:"owned_by"`
		Dimensions int    `json:"dimensions"` // the two that follow are ours
		MaxTokens  int    `json:"max_tokens"`
	}
	answer(w, http.StatusOK, map[string]any{"object": "list", "data": []model{{
		h.options.Model, "model", h.started.Unix(), "dalil-onnx", h.encoder.Width(), h.encoder.MaxTokens(),
	}}})
}

func (h *handler) embeddings(w http.ResponseWriter, r *http.Request) {
	q, status, problem := h.read(w, r)
	if problem != nil {
		refuse(w, status, *problem)
		return
	}
	select {
	case h.places <- struct{}{}:
		defer func() { <-h.places }()
	default:
		w.Header().Set("Retry-After", "1")
		refuse(w, http.StatusTooManyRequests, refusal{Message: fmt.Sprintf("%d requests are waiting already", h.options.Waiting), Type: "rate_limit_error"})
		return
	}
	select {
	case h.turns <- struct{}{}:
		defer func() { <-h.turns }()
	case <-r.Context().Done():
		stopped(w)
		return
	}
	if r.Context().Err() != nil {
		stopped(w)
		return
	}
	vectors, tokens, err := h.encoder.Embed(r.Context(), q.Input)
	if err != nil {
		h.failed(w, r, err)
		return
	}
	rows := make([]row, len(vectors))
	for i, v := range vectors {
		short, ok := encoder.Shortened(v, q.width)
		if !ok {
			refuse(w, http.StatusBadRequest, refusal{Message: fmt.Sprintf("the first %d dimensions of text %d are zero", q.width, i), Param: "dimensions"})
			return
		}
		rows[i] = row{Object: "embedding", Index: i, Embedding: vector{short, q.base64}}
	}
	answer(w, http.StatusOK, reply{Object: "list", Data: rows, Model: h.options.Model, Usage: usage{tokens, tokens}})
}

// failed separates the client's faults from the server's.
func (h *handler) failed(w http.ResponseWriter, r *http.Request, err error) {
	var long *encoder.TooLongError
	switch {
	case r.Context().Err() != nil:
		stopped(w)
	case errors.As(err, &long):
		refuse(w, http.StatusBadRequest, refusal{Message: err.Error(), Param: "input", Code: "context_length_exceeded"})
	case errors.Is(err, encoder.ErrNoTokens):
		refuse(w, http.StatusBadRequest, refusal{Message: err.Error(), Param: "input"})
	default:
		h.options.Log.Error("the model failed", "error", err)
		refuse(w, http.StatusInternalServerError, refusal{Message: "the model failed; the server's log says why", Type: "server_error"})
	}
}

// stopped answers a request whose context ended. If the program is stopping, an
// empty answer would look like success. If the client has left, the answer is lost.
func stopped(w http.ResponseWriter) {
	w.Header().Set("Retry-After", "1")
	refuse(w, http.StatusServiceUnavailable, refusal{Message: "the server is stopping", Type: "server_error"})
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // the client has gone
}

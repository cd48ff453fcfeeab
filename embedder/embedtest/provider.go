package embedtest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"dalil/corpus"
	"dalil/embedder"
)

// Provider is what the faults of a provider behind HTTP are proven on.
type Provider struct {
	// Open makes the adapter for a server at the address, with the key and a
	// timeout of one call.
	Open func(address, key string, timeout time.Duration) (embedder.Embedder, error)
	// Answer writes the answer of a healthy server to a request other than the one
	// for vectors, and reports whether it recognised the request.
	Answer func(w http.ResponseWriter, r *http.Request) bool
	// Vectors is the reply of a healthy server.
	Vectors func(rows [][]float32) any
}

// Faults makes the provider's server fail in many ways, and checks that each error
// has the right kind and does not contain the key.
func Faults(t *testing.T, p Provider) {
	const canary = "canary/key-93d1"
	good := [][]float32{{1, 0, 0, 0}, {0, 1, 0, 0}}
	reply := func(v any) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { _ = json.NewEncoder(w).Encode(v) }
	}
	status := func(code int, header ...string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			for i := 0; i+1 < len(header); i += 2 {
				w.Header().Set(header[i], header[i+1])
			}
			http.Error(w, "you sent "+r.Header.Get("Authorization"), code)
		}
	}
	// with is a reply that has something else in the place of one number.
	with := func(number string) http.HandlerFunc {
		raw, err := json.Marshal(p.Vectors([][]float32{{0.625, 0.5, 0, 0}, {0, 1, 0, 0}}))
		if err != nil {
			t.Fatal(err)
		}
		return func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprint(w, strings.Replace(string(raw), "0.625", number, 1))
		}
	}
	cases := []struct {
		name    string
		handler http.HandlerFunc
		want    error
	}{
		{"healthy", reply(p.Vectors(good)), nil},
		{"slow", func(_ http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body) // so that the server notices that the client left
			<-r.Context().Done()
		}, corpus.ErrUnavailable},
		{"500", status(500), corpus.ErrUnavailable},
		{"503", status(503), corpus.ErrUnavailable},
		{"429 with a time", status(429, "Retry-After", "7"), corpus.ErrExhausted},
		{"429 without", status(429), corpus.ErrExhausted},
		{"wrong key", status(401), corpus.ErrDenied},
		{"no such model", status(404), corpus.ErrDenied},
		{"too long", status(413), corpus.ErrInvalid},
		{"malformed", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"data":[[`) }, corpus.ErrUnavailable},
		{"no JSON", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<html>") }, corpus.ErrUnavailable},
		{"too few", reply(p.Vectors(good[:1])), corpus.ErrUnavailable},
		{"too many", reply(p.Vectors(append(good, good...))), corpus.ErrUnavailable},
		{"too narrow", reply(p.Vectors([][]float32{{1, 0}, {0, 1}})), corpus.ErrUnavailable},
		{"all zero", reply(p.Vectors([][]float32{{1, 0, 0, 0}, {0, 0, 0, 0}})), corpus.ErrUnavailable},
		{"NaN", with("NaN"), corpus.ErrUnavailable},
		{"null", with("null"), corpus.ErrUnavailable},
		{"infinite", with("1e400"), corpus.ErrUnavailable},
		{"the key, quoted", func(w http.ResponseWriter, _ *http.Request) {
			http.Error(w, `{"sent":"`+strings.ReplaceAll(canary, "/", `\/`)+`"}`, 500)
		}, corpus.ErrUnavailable},
		{"the key at the end of a page", func(w http.ResponseWriter, _ *http.Request) {
			http.Error(w, strings.Repeat("x", 400-len(canary)/2)+canary, 500)
		}, corpus.ErrUnavailable},
		{"endless", func(w http.ResponseWriter, r *http.Request) {
			chunk := strings.Repeat(" ", 1<<16)
			for r.Context().Err() == nil {
				if _, err := io.WriteString(w, chunk); err != nil {
					return
				}
			}
		}, corpus.ErrUnavailable},
		{"cut off", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000")
			fmt.Fprint(w, "[")
		}, corpus.ErrUnavailable},
		{"a redirect to a stranger", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://192.0.2.1/", http.StatusTemporaryRedirect)
		}, corpus.ErrUnavailable},
	}
	for _, test := range cases {
		t.Run(test.name, func(t *testing.T) {
			var broken atomic.Bool
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if p.Answer(w, r) {
					return
				}
				broken.Store(true)
				test.handler(w, r)
			}))
			defer server.Close()
			e, err := p.Open(server.URL, canary, 2*time.Second)
			if err != nil {
				t.Fatal(err)
			}
			answer, err := e.Embed(t.Context(), embedder.Passage, []string{"one", "two"})
			if !broken.Load() {
				t.Fatal("the server was not asked for vectors")
			}
			if !errors.Is(err, test.want) || test.want == nil && len(answer.Vectors) != 2 {
				t.Errorf("got %d vectors, %v, want %v", len(answer.Vectors), err, test.want)
			}
			Kind(t, err)
			if err != nil && strings.Contains(err.Error(), "canary") {
				t.Errorf("the key is shown: %v", err)
			}
			var limited *embedder.LimitedError
			if errors.As(err, &limited) && strings.Contains(test.name, "with a time") && limited.RetryAfter != 7*time.Second {
				t.Errorf("retry after %v, want 7s", limited.RetryAfter)
			}
		})
	}
	t.Run("flapping", func(t *testing.T) {
		var calls atomic.Int64
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			switch {
			case p.Answer(w, r):
			case calls.Add(1)%2 == 1:
				status(502)(w, r)
			default:
				reply(p.Vectors(good))(w, r)
			}
		}))
		defer server.Close()
		e, err := p.Open(server.URL, canary, time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		e = embedder.Retried(e, embedder.RetryOptions{First: time.Millisecond})
		for range 5 {
			if _, err := e.Embed(t.Context(), embedder.Passage, []string{"one", "two"}); err != nil {
				t.Errorf("every second call succeeds: got %v", err)
			}
		}
	})
	t.Run("a certificate of nobody's", func(t *testing.T) {
		server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if !p.Answer(w, r) {
				reply(p.Vectors(good))(w, r)
			}
		}))
		server.Config.ErrorLog = log.New(io.Discard, "", 0)
		server.StartTLS()
		defer server.Close()
		e, err := p.Open(server.URL, canary, time.Minute)
		if err == nil {
			_, err = e.Embed(t.Context(), embedder.Passage, []string{"one", "two"})
		}
		Kind(t, err)
		if !errors.Is(err, corpus.ErrUnavailable) || !strings.Contains(err.Error(), "certificate") || strings.Contains(err.Error(), "canary") {
			t.Errorf("got %v, want unavailable for want of a certificate", err)
		}
	})
	t.Run("the caller leaves", func(t *testing.T) {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if !p.Answer(w, r) {
				_, _ = io.Copy(io.Discard, r.Body)
				<-r.Context().Done()
			}
		}))
		defer server.Close()
		e, err := p.Open(server.URL, canary, time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		if _, err := e.Embed(ctx, embedder.Query, []string{"one"}); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v, want the caller's deadline", err)
		}
	})
}

package tei_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"dalil/corpus"
	"dalil/embedder"
	"dalil/embedder/embedtest"
	"dalil/embedder/endpoint"
	"dalil/embedder/hash"
	"dalil/embedder/tei"
)

const description = `{"model_id":"intfloat/multilingual-e5-small","model_sha":"fd1525a9fd15","model_dtype":"float32",
	"model_type":{"embedding":{"pooling":"mean"}},"max_input_length":512,"max_client_batch_size":32}`

func info(w http.ResponseWriter, r *http.Request) bool {
	if r.URL.Path == "/info" {
		_, _ = w.Write([]byte(description))
		return true
	}
	return false
}

// serve answers as the server does, with a model that hashes.
func serve(t *testing.T, seen *[]string) string {
	model := hash.New(hash.Options{Dimensions: 16})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if info(w, r) {
			return
		}
		var q struct {
			Inputs   []string
			Truncate *bool
		}
		if err := json.NewDecoder(r.Body).Decode(&q); err != nil || r.URL.Path != "/embed" || q.Truncate == nil || *q.Truncate || len(q.Inputs) > 32 {
			http.Error(w, "not what the API wants", http.StatusUnprocessableEntity)
			return
		}
		if seen != nil {
			*seen = append(*seen, q.Inputs...)
		}
		answer, err := model.Embed(r.Context(), embedder.Passage, q.Inputs)
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		_ = json.NewEncoder(w).Encode(answer.Vectors)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func open(t *testing.T, url string) embedder.Embedder {
	e, err := tei.New(t.Context(), tei.Options{Endpoint: endpoint.Options{URL: url}, Dimensions: 16})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestLaws(t *testing.T) {
	embedtest.Run(t, func(t *testing.T) embedder.Embedder {
		return embedder.Batched(open(t, serve(t, nil)), embedder.BatchOptions{})
	})
}

func TestLawsLive(t *testing.T) {
	url := os.Getenv("DALIL_TEST_TEI_URL")
	if url == "" {
		t.Skip("DALIL_TEST_TEI_URL names no server")
	}
	embedtest.Run(t, func(t *testing.T) embedder.Embedder { return embedder.Batched(open(t, url), embedder.BatchOptions{}) })
}

func TestTooLongIsRefusedLive(t *testing.T) {
	url := os.Getenv("DALIL_TEST_TEI_URL")
	if url == "" {
		t.Skip("DALIL_TEST_TEI_URL names no server")
	}
	e := open(t, url)
	_, err := e.Embed(t.Context(), embedder.Passage, []string{"short", strings.Repeat("word ", 2*e.Model().MaxTokens)})
	if !errors.Is(err, corpus.ErrInvalid) {
		t.Fatalf("got %v, want the server to refuse a text of %d words", err, 2*e.Model().MaxTokens)
	}
}

func TestFaults(t *testing.T) {
	embedtest.Faults(t, embedtest.Provider{
		Open: func(address, key string, timeout time.Duration) (embedder.Embedder, error) {
			return tei.New(t.Context(), tei.Options{Endpoint: endpoint.Options{URL: address, Key: key, Timeout: timeout}, Dimensions: 4})
		},
		Answer:  info,
		Vectors: func(rows [][]float32) any { return rows },
	})
}

func TestTheServerDescribesItsModel(t *testing.T) {
	var seen []string
	e, err := tei.New(t.Context(), tei.Options{Endpoint: endpoint.Options{URL: serve(t, &seen)}, Dimensions: 8, Prefixes: endpoint.Prefixes{Query: "query: ", Passage: "passage: "}})
	if err != nil {
		t.Fatal(err)
	}
	want := embedder.Model{Name: "tei:intfloat/multilingual-e5-small", Revision: "fd1525a9fd15+mean", Dimensions: 8, MaxTokens: 512, MaxBatch: 32}
	if got := e.Model(); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if answer, err := e.Embed(t.Context(), embedder.Query, []string{"who"}); err != nil || len(answer.Vectors[0]) != 8 {
		t.Errorf("a shortened vector: %v, %v", answer, err)
	}
	if len(seen) != 1 || seen[0] != "query: who" {
		t.Errorf("the server saw %q", seen)
	}
	if _, err := tei.New(t.Context(), tei.Options{Endpoint: endpoint.Options{URL: "http://127.0.0.1:1"}, Dimensions: 8}); err == nil || !strings.Contains(err.Error(), "127.0.0.1:1") {
		t.Errorf("no server: got %v", err)
	}
	if _, err := tei.New(t.Context(), tei.Options{Endpoint: endpoint.Options{URL: "x"}, Dimensions: 8}); err == nil || !strings.Contains(err.Error(), "url") {
		t.Errorf("no address: got %v", err)
	}
}

package ollama_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"dalil/embedder"
	"dalil/embedder/embedtest"
	"dalil/embedder/endpoint"
	"dalil/embedder/hash"
	"dalil/embedder/ollama"
)

func describe(w http.ResponseWriter, r *http.Request) bool {
	switch r.URL.Path {
	case "/api/tags":
		_, _ = w.Write([]byte(`{"models":[{"name":"bge-m3:latest","digest":"7907646426070047a77226ac3e684fbbe8410524f7b4a74d02837e43f2146bab"}]}`))
	case "/api/show":
		_, _ = w.Write([]byte(`{"model_info":{"general.architecture":"bert","bert.context_length":8192,"bert.embedding_length":16}}`))
	default:
		return false
	}
	return true
}

func serve(t *testing.T) string {
	model := hash.New(hash.Options{Dimensions: 16})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if describe(w, r) {
			return
		}
		var q struct {
			Model    string
			Input    []string
			Truncate *bool
		}
		if err := json.NewDecoder(r.Body).Decode(&q); err != nil || r.URL.Path != "/api/embed" || q.Model != "bge-m3" || q.Truncate == nil || *q.Truncate {
			http.Error(w, "not what the API wants", http.StatusBadRequest)
			return
		}
		answer, err := model.Embed(r.Context(), embedder.Passage, q.Input)
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"model": q.Model, "embeddings": answer.Vectors, "prompt_eval_count": 3 * len(q.Input)})
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func open(t *testing.T, url, model string) embedder.Embedder {
	e, err := ollama.New(t.Context(), ollama.Options{Endpoint: endpoint.Options{URL: url}, Model: model})
	if err != nil {
		t.Fatal(err)
	}
	return embedder.Batched(e, embedder.BatchOptions{})
}

func TestLaws(t *testing.T) {
	embedtest.Run(t, func(t *testing.T) embedder.Embedder { return open(t, serve(t), "bge-m3") })
}

func TestLawsLive(t *testing.T) {
	url, model := os.Getenv("DALIL_TEST_OLLAMA_URL"), os.Getenv("DALIL_TEST_OLLAMA_MODEL")
	if url == "" || model == "" {
		t.Skip("DALIL_TEST_OLLAMA_URL and DALIL_TEST_OLLAMA_MODEL name no server and model")
	}
	embedtest.Run(t, func(t *testing.T) embedder.Embedder { return open(t, url, model) })
}

func TestFaults(t *testing.T) {
	embedtest.Faults(t, embedtest.Provider{
		Open: func(address, key string, timeout time.Duration) (embedder.Embedder, error) {
			return ollama.New(t.Context(), ollama.Options{Endpoint: endpoint.Options{URL: address, Key: key, Timeout: timeout}, Model: "bge-m3", Dimensions: 4})
		},
		Answer:  describe,
		Vectors: func(rows [][]float32) any { return map[string]any{"embeddings": rows} },
	})
}

func TestTheServerDescribesItsModel(t *testing.T) {
	url := serve(t)
	e, err := ollama.New(t.Context(), ollama.Options{Endpoint: endpoint.Options{URL: url}, Model: "bge-m3"})
	if err != nil {
		t.Fatal(err)
	}
	want := embedder.Model{Name: "ollama:bge-m3", Revision: "790764642607", Dimensions: 16, MaxTokens: 8192, MaxBatch: 64}
	if got := e.Model(); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	for name, test := range map[string]struct {
		options ollama.Options
		want    string
	}{
		"a model that is not there": {ollama.Options{Endpoint: endpoint.Options{URL: url}, Model: "nomic-embed-text"}, "ollama pull nomic-embed-text"},
		"wider than the model":      {ollama.Options{Endpoint: endpoint.Options{URL: url}, Model: "bge-m3", Dimensions: 32}, "more than the 16"},
		"no model":                  {ollama.Options{Endpoint: endpoint.Options{URL: url}}, "model"},
		"no server":                 {ollama.Options{Endpoint: endpoint.Options{URL: "http://127.0.0.1:1"}, Model: "m"}, "127.0.0.1:1"},
	} {
		if _, err := ollama.New(t.Context(), test.options); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got %v, want %q", name, err, test.want)
		}
	}
}

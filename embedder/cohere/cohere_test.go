package cohere_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"dalil/corpus"
	"dalil/embedder"
	"dalil/embedder/cohere"
	"dalil/embedder/embedtest"
	"dalil/embedder/endpoint"
	"dalil/embedder/hash"
)

// serve answers as the API's reference says, with a model that hashes.
func serve(t *testing.T, seen *[]string) string {
	model := hash.New(hash.Options{Dimensions: 16})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var q struct {
			Model, Truncate string
			InputType       string `json:"input_type"`
			Texts           []string
			Types           []string `json:"embedding_types"`
		}
		if err := json.NewDecoder(r.Body).Decode(&q); err != nil || r.URL.Path != "/v2/embed" || q.Model != "m" || q.Truncate != "NONE" ||
			len(q.Texts) > 96 || len(q.Types) != 1 || q.Types[0] != "float" || !strings.HasPrefix(q.InputType, "search_") {
			http.Error(w, `{"message":"invalid request"}`, http.StatusBadRequest)
			return
		}
		if seen != nil {
			*seen = append(*seen, q.InputType)
		}
		answer, err := model.Embed(r.Context(), embedder.Passage, q.Texts)
		if err != nil {
			t.Error(err)
		}
		_ = json.NewEncoder(w).Encode(map[string]any{
			"embeddings": map[string]any{"float": answer.Vectors}, "meta": map[string]any{"billed_units": map[string]any{"input_tokens": 7}},
		})
	}))
	t.Cleanup(server.Close)
	return server.URL + "/v2"
}

func open(t *testing.T, url string) embedder.Embedder {
	e, err := cohere.New(cohere.Options{Endpoint: endpoint.Options{URL: url}, Model: "m", Dimensions: 16})
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

func TestFaults(t *testing.T) {
	embedtest.Faults(t, embedtest.Provider{
		Open: func(address, key string, timeout time.Duration) (embedder.Embedder, error) {
			return cohere.New(cohere.Options{Endpoint: endpoint.Options{URL: address, Key: key, Timeout: timeout}, Model: "m", Dimensions: 4})
		},
		Answer:  func(http.ResponseWriter, *http.Request) bool { return false },
		Vectors: func(rows [][]float32) any { return map[string]any{"embeddings": map[string]any{"float": rows}} },
	})
}

func TestRolesAndTokens(t *testing.T) {
	var seen []string
	e := open(t, serve(t, &seen))
	for _, role := range []embedder.Role{embedder.Query, embedder.Passage} {
		if answer, err := e.Embed(t.Context(), role, []string{"a"}); err != nil || answer.Tokens != 7 {
			t.Errorf("%v: %d tokens, %v", role, answer.Tokens, err)
		}
	}
	if len(seen) != 2 || seen[0] != "search_query" || seen[1] != "search_document" {
		t.Errorf("the roles were sent as %v", seen)
	}
	if _, err := cohere.New(cohere.Options{Dimensions: 4}); !errors.Is(err, corpus.ErrInvalid) || !strings.Contains(err.Error(), "model") {
		t.Errorf("without a model: %v", err)
	}
}

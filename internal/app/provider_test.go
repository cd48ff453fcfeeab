package app_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"dalil/corpus"
	"dalil/embedder"
	"dalil/embedder/hash"
	"dalil/internal/config"
)

// An endpoint that is down must not take the words with it.
func TestAProviderThatGoesDown(t *testing.T) {
	var down atomic.Bool
	model := hash.New(hash.Options{Dimensions: 32})
	provider := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var q struct{ Input []string }
		if json.NewDecoder(r.Body).Decode(&q) != nil || down.Load() {
			http.Error(w, "down", http.StatusServiceUnavailable)
			return
		}
		answer, err := model.Embed(r.Context(), embedder.Passage, q.Input)
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		rows := []map[string]any{}
		for i, v := range answer.Vectors {
			rows = append(rows, map[string]any{"index": i, "embedding": v})
		}
		json.NewEncoder(w).Encode(map[string]any{"data": rows})
	}))
	defer provider.Close()
	const canary = "sk-canary-51c9"
	a := open(t, settings(t, func(c *config.Config) {
		c.Embedder.Name, c.Embedder.URL, c.Embedder.Key = "openai", provider.URL+"/v1", canary
		c.Embedder.Model, c.Embedder.Dimensions, c.Embedder.CacheBytes = "m", 32, 0
	}))
	indexSeeds(t, a)
	connection, admin := serve(t, a)
	_ = connection
	if answer, err := a.Search(t.Context(), corpus.Query{Text: "الفقر"}); err != nil || len(answer.Degraded) > 0 {
		t.Fatalf("with the provider up: degraded %v, error %v", answer.Degraded, err)
	}
	down.Store(true)
	for range 8 { // until the circuit opens, and after
		answer, err := a.Search(t.Context(), corpus.Query{Text: "الفقر"})
		if err != nil || !slices.Equal(answer.Degraded, []corpus.Arm{corpus.Dense}) || answer.Passages[0].Document.ID != poverty {
			t.Fatalf("with the provider down: degraded %v, error %v", answer.Degraded, err)
		}
	}
	_, err := a.Search(t.Context(), corpus.Query{Text: "الفقر", Arms: []corpus.Arm{corpus.Dense}})
	if !errors.Is(err, corpus.ErrUnavailable) || strings.Contains(err.Error(), canary) {
		t.Errorf("dense arm alone: error %v, want %v without the key", err, corpus.ErrUnavailable)
	}
	if _, metrics := get(t, admin+"/metrics"); !strings.Contains(metrics, `dalil_search_degraded_total{arm="dense"} 8`) {
		t.Error("the degraded answers are not counted")
	}
}

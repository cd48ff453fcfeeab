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
	"time"

	"dalil/corpus"
	"dalil/embedder"
	"dalil/embedder/hash"
	"dalil/indexer"
	"dalil/internal/config"
)

// startProvider serves a model of 32 dimensions in the shape of OpenAI's API, and
// returns its address. receive, where given, may change the texts; where it
// returns false the provider is down. A text that names poison is refused.
func startProvider(t *testing.T, receive func(texts []string) bool) string {
	model := hash.New(hash.Options{Dimensions: 32})
	provider := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var q struct{ Input []string }
		if json.NewDecoder(r.Body).Decode(&q) != nil || receive != nil && !receive(q.Input) {
			http.Error(w, "down", http.StatusServiceUnavailable)
			return
		}
		if slices.ContainsFunc(q.Input, func(text string) bool { return strings.Contains(text, "Poison") }) {
			http.Error(w, "there is poison in the input", http.StatusBadRequest)
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
	t.Cleanup(provider.Close)
	return provider.URL
}

// onProvider are settings for a store of its own and the provider's model.
func onProvider(t *testing.T, provider string) config.Config {
	return settings(t, func(c *config.Config) {
		c.Embedder.Name, c.Embedder.URL = "openai", provider+"/v1"
		c.Embedder.Model, c.Embedder.Dimensions, c.Embedder.CacheBytes = "m", 32, 0
	})
}

// An endpoint that is down must not take the words with it.
func TestAProviderThatGoesDown(t *testing.T) {
	var down atomic.Bool
	provider := startProvider(t, func(texts []string) bool { return !down.Load() })
	const canary = "sk-canary-51c9"
	a := open(t, settings(t, func(c *config.Config) {
		c.Embedder.Name, c.Embedder.URL, c.Embedder.Key = "openai", provider+"/v1", canary
		c.Embedder.Model, c.Embedder.Dimensions, c.Embedder.CacheBytes = "m", 32, 0
	}))
	indexSeeds(t, a)
	connection, admin := serve(t, a)
	_ = connection
	if answer, err := a.Search(operator(t), corpus.Query{Text: "الفقر"}); err != nil || len(answer.Degraded) > 0 {
		t.Fatalf("with the provider up: degraded %v, error %v", answer.Degraded, err)
	}
	down.Store(true)
	for range 8 { // until the circuit opens, and after
		answer, err := a.Search(operator(t), corpus.Query{Text: "الفقر"})
		if err != nil || !slices.Equal(answer.Degraded, []corpus.Arm{corpus.Dense}) || answer.Passages[0].Document.ID != poverty {
			t.Fatalf("with the provider down: degraded %v, error %v", answer.Degraded, err)
		}
	}
	_, err := a.Search(operator(t), corpus.Query{Text: "الفقر", Arms: []corpus.Arm{corpus.Dense}})
	if !errors.Is(err, corpus.ErrUnavailable) || strings.Contains(err.Error(), canary) {
		t.Errorf("dense arm alone: error %v, want %v without the key", err, corpus.ErrUnavailable)
	}
	if _, metrics := get(t, admin+"/metrics"); !strings.Contains(metrics, `dalil_search_degraded_total{arm="dense"} 8`) {
		t.Error("the degraded answers are not counted")
	}
}

// A model that changes behind the same address and name must not write into what
// the old one built, and readiness says why.
func TestAModelThatChangesBehindItsName(t *testing.T) {
	var changed atomic.Bool
	provider := startProvider(t, func(texts []string) bool {
		for i := range texts {
			if changed.Load() { // a prefix that changed without notice
				texts[i] = "passage: " + texts[i]
			}
		}
		return true
	})
	c := onProvider(t, provider)
	a := open(t, c)
	indexSeeds(t, a)
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	b := open(t, c)
	if err := b.Ready(t.Context()); err != nil {
		t.Errorf("the same model: ready %v", err)
	}
	b.Close()
	changed.Store(true)
	d := open(t, c)
	if err := d.Ready(t.Context()); !errors.Is(err, corpus.ErrModelMismatch) || !strings.Contains(err.Error(), "cosine") {
		t.Errorf("ready: got %v, want a mismatch with the cosine", err)
	}
	if _, err := d.Index(operator(t), indexer.Request{Paths: []string{"../../seeds"}}, func(corpus.Receipt) {}); !errors.Is(err, corpus.ErrModelMismatch) {
		t.Errorf("index: got %v, want a mismatch", err)
	}
	raws := make(chan corpus.Raw)
	close(raws)
	if err := d.Ingest(operator(t), raws, nil); !errors.Is(err, corpus.ErrModelMismatch) {
		t.Errorf("ingest: got %v, want a mismatch", err)
	}
	_, admin := serve(t, d)
	if code, body := get(t, admin+"/readyz"); code != http.StatusServiceUnavailable || !strings.Contains(body, "differently than when the collection was created") {
		t.Errorf("readyz: %d %q", code, body)
	}
	if _, metrics := get(t, admin+"/metrics"); !strings.Contains(metrics, "dalil_embedder_fingerprint_match 0") {
		t.Error("the metric does not show it")
	}
}

// A model that could not be asked at the start is compared before the first
// write: it may be another one by then.
func TestAModelThatChangedWhileItWasDown(t *testing.T) {
	t.Parallel() // it waits most of the time
	var down, changed atomic.Bool
	provider := startProvider(t, func(texts []string) bool {
		for i := range texts {
			if changed.Load() {
				texts[i] = "another model: " + texts[i]
			}
		}
		return !down.Load()
	})
	c := onProvider(t, provider)
	a := open(t, c)
	indexSeeds(t, a)
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	down.Store(true)
	b := open(t, c)
	_, admin := serve(t, b)
	if err := b.Ready(t.Context()); err != nil {
		t.Errorf("ready: %v, want questions to be answered by words", err)
	}
	if _, metrics := get(t, admin+"/metrics"); !strings.Contains(metrics, "dalil_embedder_fingerprint_match NaN") {
		t.Error("the metric has a value before the comparison")
	}
	write := func() error {
		input := strings.NewReader(`{"id":"late","text":"Written by whoever answers now."}`)
		_, err := b.Index(operator(t), indexer.Request{Paths: []string{"-"}, Stdin: input}, func(corpus.Receipt) {})
		return err
	}
	if err := write(); !errors.Is(err, corpus.ErrUnavailable) {
		t.Errorf("index while the provider is down: %v", err)
	}
	down.Store(false)
	changed.Store(true)
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(100 * time.Millisecond) { // the circuit rests
		err := write()
		if errors.Is(err, corpus.ErrModelMismatch) {
			break
		}
		if !errors.Is(err, corpus.ErrUnavailable) || time.Now().After(deadline) {
			t.Fatalf("index by another model: %v, want a mismatch", err)
		}
	}
}

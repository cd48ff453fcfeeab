package app_test

import (
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"dalil/corpus"
	"dalil/internal/app"
	"dalil/internal/config"
)

// startReranker scores a passage by the place of "river" in it, the later the
// better; while it is ill it hangs or answers with an error.
func startReranker(t *testing.T, state *atomic.Value) string {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var q struct {
			Query     string
			Documents []string
		}
		if err := json.NewDecoder(r.Body).Decode(&q); err != nil || r.URL.Path != "/v1/rerank" || q.Query == "" {
			t.Errorf("%s: %v", r.URL.Path, err)
		}
		switch state.Load() {
		case "hangs":
			io.Copy(io.Discard, r.Body)
			<-r.Context().Done()
			return
		case "fails":
			http.Error(w, `{"error":"out of memory"}`, http.StatusInternalServerError)
			return
		}
		results := []map[string]any{}
		for i, text := range q.Documents {
			results = append(results, map[string]any{"index": i, "relevance_score": strings.Index(text, "river")})
		}
		json.NewEncoder(w).Encode(map[string]any{"results": results})
	}))
	t.Cleanup(server.Close)
	return server.URL + "/v1"
}

// A reranker outside of this process orders the best; where it fails or takes too
// long, the order without it is kept, and the answer, a metric and the log say so.
func TestRerankerOutside(t *testing.T) {
	var state atomic.Value
	state.Store("answers")
	url := startReranker(t, &state)
	var log logBuffer
	a, err := app.Open(t.Context(), settings(t, func(c *config.Config) {
		c.Embedder.Name, c.Search.Reranker.URL, c.Search.Reranker.Timeout = "hash", url, 200*time.Millisecond
	}), slog.New(slog.NewTextHandler(&log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close() })
	_, admin := serve(t, a)
	ingest(
		t, a, corpus.Document{ID: "early", Text: "The river runs by here, a river of old."},
		corpus.Document{ID: "late", Text: "People have built their houses near the river."}, corpus.Document{ID: "middle", Text: "Near the river stood a house for people."},
	)
	ask := func(rerank *bool) (ids []string, answer corpus.Answer) {
		answer, err := a.Search(operator(t), corpus.Query{Text: "river", Rerank: rerank})
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range answer.Passages {
			ids = append(ids, p.Document.ID)
		}
		return ids, answer
	}
	no := false
	plain, answer := ask(&no)
	if len(answer.DegradedStages) > 0 {
		t.Errorf("without: %v is degraded", answer.DegradedStages)
	}
	want := []string{"late", "middle", "early"}
	ids, answer := ask(nil)
	if !slices.Equal(ids, want) || len(answer.DegradedStages) > 0 || *answer.Passages[0].Scores.Rerank <= *answer.Passages[1].Scores.Rerank ||
		answer.Passages[0].Scores.Fused < answer.Passages[1].Scores.Fused {
		t.Errorf("got %v, degraded %v, want %v", ids, answer.DegradedStages, want)
	}
	if slices.Equal(plain, want) {
		t.Fatal("the order without the reranker is the same, which proves nothing")
	}
	for _, ill := range []string{"fails", "hangs", "fails"} {
		state.Store(ill)
		ids, answer = ask(nil)
		if slices.Equal(ids, want) || !slices.Equal(answer.DegradedStages, []corpus.Stage{corpus.StageRerank}) || len(ids) != 3 {
			t.Errorf("%s: got %v, degraded %v; want the order without it", ill, ids, answer.DegradedStages)
		}
	}
	state.Store("answers")
	if ids, answer = ask(nil); !slices.Equal(ids, want) || len(answer.DegradedStages) > 0 {
		t.Errorf("well again: got %v, degraded %v", ids, answer.DegradedStages)
	}
	_, metrics := get(t, admin+"/metrics")
	for _, line := range []string{
		`dalil_search_degraded_stages_total{stage="rerank"} 3`, `dalil_reranker_requests_total{result="ok"} 2`, `dalil_reranker_requests_total{result="unavailable"} 2`,
	} {
		if !strings.Contains(metrics, line) {
			t.Errorf("the metrics do not contain %s", line)
		}
	}
	if text := log.String(); strings.Count(text, "the reranker failed") != 1 || !strings.Contains(text, "out of memory") || !strings.Contains(text, "answers again") {
		t.Errorf("the log:\n%s", text)
	}
}

func TestRerankerOutsideRefuses(t *testing.T) {
	for _, url := range []string{"host:8080", "ftp://host"} {
		_, err := app.Open(t.Context(), settings(t, func(c *config.Config) { c.Search.Reranker.URL = url }), quiet)
		if err == nil || !strings.Contains(err.Error(), "search.reranker.url") {
			t.Errorf("%s: %v, want the key", url, err)
		}
	}
}

package observe_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dalil/corpus"
	"dalil/embedder"
	"dalil/embedder/embedtest"
	"dalil/embedder/hash"
	"dalil/internal/observe"
	"dalil/store"
	"dalil/store/local"
	"dalil/store/storetest"
)

func TestObservedEmbedderKeepsTheLaw(t *testing.T) {
	m := observe.New(build())
	embedtest.Run(t, func(*testing.T) embedder.Embedder { return m.Embedder(hash.New(hash.Options{})) })
}

func TestObservedStoreKeepsTheLaws(t *testing.T) {
	m := observe.New(build())
	storetest.Run(t, func(t *testing.T) storetest.Harness {
		dir, clock := t.TempDir(), &storetest.Clock{}
		return storetest.Harness{Steps: 200, Clock: clock, Open: func(ctx context.Context, pipeline corpus.Pipeline) (store.Store, error) {
			s, err := local.Open(ctx, local.Options{Dir: dir, Pipeline: pipeline, Now: clock.Now})
			if err != nil {
				return nil, err
			}
			return m.Store(s), nil
		}}
	})
	families := scrape(t, m)
	for _, operation := range []string{"search", "chunks", "vocabulary", "settings", "documents", "document", "fingerprints", "versions", "expired", "stats", "create", "put", "delete"} {
		if got := value(families, "dalil_store_operation_duration_seconds", "operation="+operation); got < 1 {
			t.Errorf("%s was timed %v times", operation, got)
		}
	}
	for _, step := range []string{"wait", "insert", "flush", "publish"} {
		if got := value(families, "dalil_store_step_duration_seconds", "step="+step); got < 1 {
			t.Errorf("the step %s was timed %v times", step, got)
		}
	}
	if got := value(families, "dalil_store_operation_errors_total", "operation=document", "reason=not_found"); got < 1 {
		t.Errorf("%v failed reads of a document are counted", got)
	}
}

func TestEmbedderMetrics(t *testing.T) {
	m := observe.New(build())
	good, bad := m.Embedder(hash.New(hash.Options{})), m.Embedder(broken{})
	if _, err := good.Embed(t.Context(), embedder.Passage, []string{"one two", "three"}); err != nil {
		t.Fatal(err)
	}
	if _, err := bad.Embed(t.Context(), embedder.Query, []string{"q"}); !errors.Is(err, corpus.ErrUnavailable) {
		t.Errorf("error %v, want %v", err, corpus.ErrUnavailable)
	}
	m.CacheSeen(true)
	m.CacheSeen(true)
	m.CacheSeen(false)
	families := scrape(t, m)
	got := map[string]float64{
		"passage ok":    value(families, "dalil_embedder_requests_total", "role=passage", "result=ok"),
		"query down":    value(families, "dalil_embedder_requests_total", "role=query", "result=unavailable"),
		"query ok":      value(families, "dalil_embedder_requests_total", "role=query", "result=ok"),
		"passage calls": value(families, "dalil_embedder_request_duration_seconds", "role=passage"),
		"batches":       value(families, "dalil_embedder_batch_texts", "role=passage"),
		"hits":          value(families, "dalil_embedder_cache_requests_total", "result=hit"),
		"misses":        value(families, "dalil_embedder_cache_requests_total", "result=miss"),
	}
	want := map[string]float64{
		"passage ok": 1, "query down": 1, "query ok": 0, "passage calls": 1, "batches": 1, "hits": 2, "misses": 1,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("counts (-want +got):\n%s", diff)
	}
	if tokens := value(families, "dalil_embedder_tokens_total", "role=passage"); tokens < 3 {
		t.Errorf("%v tokens are counted for three words", tokens)
	}
	var sum float64
	for _, metric := range families["dalil_embedder_batch_texts"].GetMetric() {
		sum += metric.GetHistogram().GetSampleSum()
	}
	if sum != 3 {
		t.Errorf("%v texts are counted, want 3", sum)
	}
}

func TestSearchMetrics(t *testing.T) {
	m := observe.New(build())
	similarity := float32(0.75)
	m.Answer(corpus.Answer{
		Passages: make([]corpus.Passage, 3), Candidates: 40, TopDense: &similarity,
		Timings: []corpus.Timing{{Stage: corpus.StageStore, Duration: 2 * time.Second}, {Stage: "a stage of tomorrow", Duration: time.Second}},
	})
	m.Answer(corpus.Answer{Degraded: []corpus.Arm{corpus.Dense}})
	m.Answer(corpus.Answer{Candidates: 40}) // a page behind the last is not a question without an answer
	var reported []error
	batch := m.Batch(t.Context(), func(_ int, _ corpus.Answer, err error) { reported = append(reported, err) })
	batch(0, corpus.Answer{}, corpus.ErrUnavailable)
	batch(1, corpus.Answer{Candidates: 2}, nil)
	if len(reported) != 2 || reported[0] != corpus.ErrUnavailable || reported[1] != nil {
		t.Errorf("the batch reported %v", reported)
	}
	families := scrape(t, m)
	got := map[string]float64{
		"batch ok":   value(families, "dalil_search_batch_requests_total", "result=ok"),
		"batch down": value(families, "dalil_search_batch_requests_total", "result=unavailable"),
		"answers":    value(families, "dalil_search_results"),
		"zero":       value(families, "dalil_search_zero_results_total"),
		"degraded":   value(families, "dalil_search_degraded_total", "arm=dense"),
		"similarity": families["dalil_search_top_dense_similarity"].GetMetric()[0].GetHistogram().GetSampleSum(),
		"passages":   families["dalil_search_results"].GetMetric()[0].GetHistogram().GetSampleSum(),
		"candidates": families["dalil_search_candidates"].GetMetric()[0].GetHistogram().GetSampleSum(),
		"store":      value(families, "dalil_search_stage_duration_seconds", "stage=store"),
		"embed":      value(families, "dalil_search_stage_duration_seconds", "stage=embed"),
	}
	want := map[string]float64{
		"batch ok": 1, "batch down": 1,
		"answers": 4, "zero": 1, "degraded": 1, "similarity": 0.75, "passages": 3, "candidates": 82, "store": 1, "embed": 0,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("counts (-want +got):\n%s", diff)
	}
}

func TestIngestMetrics(t *testing.T) {
	m := observe.New(build())
	for _, r := range []corpus.Receipt{
		{Outcome: corpus.Indexed, Chunks: 4, Tokens: 100, Cut: 1},
		{Outcome: corpus.Indexed, Chunks: 2, Tokens: 50},
		{Outcome: corpus.Unchanged, Chunks: 4},
		{Outcome: corpus.Failed, Err: fmt.Errorf("parse: %w", corpus.ErrInvalid)},
		{Outcome: corpus.Failed, Err: errors.New("no idea")},
		{Outcome: corpus.Deleted},
	} {
		m.Receipt(t.Context(), r)
	}
	families := scrape(t, m)
	got := map[string]float64{}
	for _, outcome := range []string{"indexed", "unchanged", "failed", "deleted"} {
		got[outcome] = value(families, "dalil_ingest_documents_total", "outcome="+outcome)
	}
	got["passages"] = value(families, "dalil_ingest_passages_total")
	got["tokens"] = value(families, "dalil_ingest_tokens_total")
	got["cut"] = value(families, "dalil_ingest_cut_passages_total")
	got["invalid"] = value(families, "dalil_ingest_failures_total", "reason=invalid")
	got["internal"] = value(families, "dalil_ingest_failures_total", "reason=internal")
	got["exhausted"] = value(families, "dalil_ingest_failures_total", "reason=exhausted")
	want := map[string]float64{
		"indexed": 2, "unchanged": 1, "failed": 2, "deleted": 1, "passages": 6, "tokens": 150, "cut": 1, "invalid": 1, "internal": 1, "exhausted": 0,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("counts (-want +got):\n%s", diff)
	}
}

func TestIndexMetricsAreAskedOfTheStore(t *testing.T) {
	m := observe.New(build())
	if _, exported := scrape(t, m)["dalil_index_documents"]; exported {
		t.Error("an index is told where there is no store")
	}
	s := &shelf{stats: corpus.Stats{Documents: 5, Passages: 40, Terms: 900, UpdatedAt: time.Unix(1_700_000_000, 5e8)}}
	m.Store(s)
	families := scrape(t, m)
	got := []float64{
		value(families, "dalil_index_documents"), value(families, "dalil_index_passages"), value(families, "dalil_index_terms"),
		value(families, "dalil_index_last_write_timestamp_seconds"),
	}
	if diff := cmp.Diff([]float64{5, 40, 900, 1_700_000_000.5}, got); diff != "" {
		t.Errorf("documents, passages, terms, last write (-want +got):\n%s", diff)
	}
	if _, exported := families["dalil_index_disk_bytes"]; exported {
		t.Error("a disk is told that the store does not know")
	}
	s.err = corpus.ErrUnavailable
	scrape(t, m)
	families = scrape(t, m)
	if _, exported := families["dalil_index_documents"]; exported {
		t.Error("an index is told that did not answer")
	}
	if got := value(families, "dalil_store_operation_errors_total", "operation=stats", "reason=unavailable"); got < 1 {
		t.Errorf("%v failures are counted", got)
	}
}

func TestAdminEndpoints(t *testing.T) {
	var reason error
	handler := observe.New(build()).Handler(func(ctx context.Context) error {
		if _, bounded := ctx.Deadline(); !bounded {
			return errors.New("asked without a deadline")
		}
		return reason
	})
	for _, test := range []struct {
		path  string
		ready error
		code  int
		want  string
	}{
		{"/healthz", errors.New("opening"), http.StatusOK, "ok"},
		{"/readyz", nil, http.StatusOK, "ready"},
		{"/readyz", errors.New("the store is opening"), http.StatusServiceUnavailable, "not ready: the store is opening"},
		{"/metrics", nil, http.StatusOK, `dalil_build_info{commit="abc",go_version="go1.26",version="1.2.3"} 1`},
		{"/debug/pprof/", nil, http.StatusOK, "heap"},
		{"/debug/pprof/goroutine?debug=1", nil, http.StatusOK, "goroutine profile"},
		{"/debug/pprof/cmdline", nil, http.StatusOK, ""},
		{"/debug/pprof/symbol", nil, http.StatusOK, "num_symbols"},
		{"/", nil, http.StatusOK, "/readyz"},
		{"/else", nil, http.StatusNotFound, ""},
	} {
		reason = test.ready
		if code, text := get(t, handler, test.path); code != test.code || !strings.Contains(text, test.want) {
			t.Errorf("%s: %d %q, want %d with %q", test.path, code, text, test.code, test.want)
		}
	}
}

func TestProfilesAreForThisMachine(t *testing.T) {
	handler := observe.New(build()).Handler(ready)
	for _, test := range []struct {
		peer, host string
		code       int
	}{
		{"127.0.0.1:4711", "localhost:7811", http.StatusOK},
		{"127.0.0.1:4711", "127.0.0.1:7811", http.StatusOK},
		{"[::1]:4711", "[::1]:7811", http.StatusOK},
		{"127.0.0.1:4711", "[::1]", http.StatusOK},
		{"192.0.2.7:4711", "localhost:7811", http.StatusForbidden},
		{"192.0.2.7:4711", "192.0.2.1:7811", http.StatusForbidden},
		{"127.0.0.1:4711", "evil.example:7811", http.StatusForbidden}, // a name that resolves to loopback
	} {
		for _, path := range []string{"/debug/pprof/", "/debug/pprof/cmdline", "/debug/pprof/symbol", "/debug/pprof/heap"} {
			if code, text := getFrom(t, handler, path, test.peer, test.host); code != test.code {
				t.Errorf("%s for %s as %s: %d %q, want %d", path, test.peer, test.host, code, text, test.code)
			}
		}
		if code, _ := getFrom(t, handler, "/healthz", test.peer, test.host); code != http.StatusOK {
			t.Errorf("/healthz for %s as %s: %d", test.peer, test.host, code)
		}
	}
}

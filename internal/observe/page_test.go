package observe_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"dalil/corpus"
	"dalil/embedder"
	"dalil/internal/observe"
)

// In OpenMetrics a counter's family has no _total, so two families may have one
// name there that have two in the classic format.
func TestOpenMetricsHasEachFamilyOnce(t *testing.T) {
	handler := exercised(t).Handler(ready)
	request := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/metrics", nil)
	request.Header.Set("Accept", "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5")
	recorder := httptest.NewRecorder()
	handler.ServeHTTP(recorder, request)
	if got := recorder.Header().Get("Content-Type"); !strings.HasPrefix(got, "application/openmetrics-text") {
		t.Fatalf("the format is %s", got)
	}
	page, seen := recorder.Body.String(), map[string]bool{}
	for _, found := range regexp.MustCompile(`(?m)^# TYPE (\S+) `).FindAllStringSubmatch(page, -1) {
		if seen[found[1]] {
			t.Errorf("%s appears twice", found[1])
		}
		seen[found[1]] = true
	}
	if !seen["go_memstats_alloc_bytes"] || !seen["dalil_build_info"] || !strings.HasSuffix(page, "# EOF\n") {
		t.Errorf("%d families, and the end is %q", len(seen), page[max(0, len(page)-20):])
	}
	// Stock dashboards ask for both in the classic format.
	_, classic := get(t, handler, "/metrics")
	for _, name := range []string{"go_memstats_alloc_bytes ", "go_memstats_alloc_bytes_total ", "go_goroutines ", "go_gc_duration_seconds_count ", "process_start_time_seconds "} {
		if !strings.Contains(classic, "\n"+name) {
			t.Errorf("%sis missing", name)
		}
	}
}

func TestReadinessAndDiskAreMetrics(t *testing.T) {
	m := observe.New(build())
	var reason, disk error
	m.WatchDisk(func() (free, size uint64, err error) { return 7, 70, disk })
	handler := m.Handler(func(context.Context) error { return reason })
	for _, test := range []struct {
		name        string
		ready, disk error
		has, not    []string
	}{
		{"well", nil, nil, []string{"\ndalil_ready 1\n", "\ndalil_data_free_bytes 7\n", "\ndalil_data_size_bytes 70\n"}, nil},
		{"not ready", errors.New("opening"), errors.New("no such disk"), []string{"\ndalil_ready 0\n"}, []string{"dalil_data"}},
	} {
		reason, disk = test.ready, test.disk
		_, page := get(t, handler, "/metrics")
		for _, want := range test.has {
			if !strings.Contains(page, want) {
				t.Errorf("%s: %q is missing", test.name, want)
			}
		}
		for _, not := range test.not {
			if strings.Contains(page, not) {
				t.Errorf("%s: has %q", test.name, not)
			}
		}
	}
}

// rate() does not see the first failure of a series that begins with it.
func TestFailuresOfEveryKindAreThereFromTheStart(t *testing.T) {
	m := observe.New(build())
	m.Store(&shelf{})
	m.Embedder(broken{})
	families := scrape(t, m)
	for _, reason := range []string{
		"cancelled", "deadline", "timeout", "invalid", "not_found", "model_mismatch", "locked", "exhausted", "unavailable", "denied", "conflict", "stale",
		"refused", "corrupt", "unsupported", "not_ready", "missing", "internal",
	} {
		if got := value(families, "dalil_ingest_failures_total", "reason="+reason); got != 0 {
			t.Errorf("ingest, %s: %v, want 0", reason, got)
		}
		for _, role := range []embedder.Role{embedder.Query, embedder.Passage} {
			if got := value(families, "dalil_embedder_requests_total", "role="+role.String(), "result="+reason); got != 0 {
				t.Errorf("embedder, %v, %s: %v, want 0", role, reason, got)
			}
		}
		for _, operation := range []string{"search", "put", "delete", "stats"} {
			if got := value(families, "dalil_store_operation_errors_total", "operation="+operation, "reason="+reason); got != 0 {
				t.Errorf("store, %s, %s: %v, want 0", operation, reason, got)
			}
		}
	}
	for _, limit := range []string{"caller", "server"} {
		if got := value(families, "dalil_grpc_deadlines_total", "service=dalil.v1.SearchService", "method=Search", "limit="+limit); got != 0 {
			t.Errorf("deadlines of the %s: %v, want 0", limit, got)
		}
	}
	m.Receipt(t.Context(), corpus.Receipt{Outcome: corpus.Failed, Err: errors.New("no idea")})
	if got := value(scrape(t, m), "dalil_ingest_failures_total", "reason=internal"); got != 1 {
		t.Errorf("%v internal failures are counted, want 1", got)
	}
}

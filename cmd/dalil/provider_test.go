package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// endpoint serves vectors of eight dimensions. status, where it is not 200, is
// what a call with such a text gets.
func endpoint(t *testing.T, status func(text string) int) []string {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var q struct{ Input []string }
		if err := json.NewDecoder(r.Body).Decode(&q); err != nil {
			t.Error(err)
		}
		rows := []map[string]any{}
		for i, text := range q.Input {
			if code := status(text); code != http.StatusOK {
				http.Error(w, `{"error":{"message":"no such key"}}`, code)
				return
			}
			v := make([]float32, 8)
			v[len(text)%8] = 1
			rows = append(rows, map[string]any{"index": i, "embedding": v})
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"data": rows})
	}))
	t.Cleanup(server.Close)
	return []string{
		"--set", "embedder.name=openai", "--set", "embedder.model=m", "--set", "embedder.max_tokens=-1", "--set", "embedder.dimensions=8",
		"--set", "embedder.query_prefix=question: ", "--set", "embedder.url=" + server.URL + "/v1",
	}
}

// Figures of words alone are not passed off as those of both arms.
func TestEvalFailsWhereQuestionsAreDegraded(t *testing.T) {
	flags := endpoint(t, func(text string) int {
		if strings.HasPrefix(text, "question: ") {
			return http.StatusServiceUnavailable
		}
		return http.StatusOK
	})
	code, out, errs := dalil(t, "", "", nil, append(flags, "eval", "--json", "../../seeds")...)
	var report struct {
		Sets []struct{ Queries, Degraded int }
	}
	if err := json.Unmarshal([]byte(out), &report); err != nil || len(report.Sets) != 1 {
		t.Fatalf("%v\n%s%s", err, out, errs)
	}
	if set := report.Sets[0]; code != 1 || set.Degraded != set.Queries || set.Queries == 0 || !strings.Contains(errs, "without a requested arm") {
		t.Errorf("exit status %d, %d of %d questions are counted as degraded: %s", code, set.Degraded, set.Queries, errs)
	}
	code, out, _ = dalil(t, "", "", nil, append(flags, "eval", "../../seeds")...)
	if code != 1 || !strings.Contains(out, "degraded") {
		t.Errorf("the table: exit status %d\n%s", code, out)
	}
	if code, out, errs = dalil(t, "", "", nil, append(flags, "eval", "--arms", "lexical", "../../seeds")...); code != 0 {
		t.Errorf("words alone on purpose: exit status %d\n%s%s", code, out, errs)
	}
}

// A setting that no document can be written with is said once, by its key.
func TestOneMisconfigurationIsSaidOnce(t *testing.T) {
	healthy := endpoint(t, func(string) int { return http.StatusOK })
	for name, test := range map[string]struct {
		flags []string
		says  string
	}{
		"a wrong key":       {endpoint(t, func(string) int { return http.StatusUnauthorized }), "no such key"},
		"a wrong width":     {append(healthy[:len(healthy):len(healthy)], "--set", "embedder.dimensions=16"), "embedder.dimensions"},
		"a refused request": {endpoint(t, func(string) int { return http.StatusBadRequest }), "no such key"},
		"no width":          {append(healthy[:len(healthy):len(healthy)], "--set", "embedder.dimensions=0"), "embedder.dimensions: must be 1 to 65536, is 0"},
		"no model":          {append(healthy[:len(healthy):len(healthy)], "--set", "embedder.model="), "embedder.model: is empty"},
		"no address":        {append(healthy[:len(healthy):len(healthy)], "--set", "embedder.url=models:8080"), "embedder.url"},
		"no folder":         {[]string{"--set", "embedder.path=/no/such/folder"}, "embedder.path /no/such/folder"},
		"no such preset":    {[]string{"--set", "embedder.preset=nobody"}, "embedder.preset"},
		"an unknown kind":   {[]string{"--set", "embedder.name=openia"}, "embedder.name"},
	} {
		for _, indexed := range []bool{false, true} {
			if indexed && test.says != "no such key" {
				continue // the pipeline differs, or nothing is opened at all
			}
			data := t.TempDir()
			if indexed { // the collection is there, so the model is compared first
				if code, out, errs := dalil(t, data, "", nil, append(healthy, "index", "../../README.md")...); code != 0 {
					t.Fatalf("%s%s", out, errs)
				}
			}
			code, out, errs := dalil(t, data, "", nil, append(test.flags, "index", "../../seeds")...)
			if said := strings.Count(out+errs, test.says); code == 0 || said == 0 || said > 2 || strings.Contains(errs, "001_") {
				t.Errorf("%s, indexed before: %v: exit status %d, said %d times\n%s%s", name, indexed, code, said, out, errs)
			}
		}
	}
}

package evaluation_test

import (
	"context"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"dalil/evaluation"
)

func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

var beir = map[string]string{
	"corpus.jsonl":  `{"_id":"a","title":"A","text":"one"}` + "\n" + `{"_id":"b","title":"","text":"two"}` + "\n",
	"queries.jsonl": `{"_id":"q1","text":"one?"}` + "\n" + `{"_id":"q2","text":"nobody knows"}` + "\n",
	"qrels.tsv":     "query-id\tcorpus-id\tscore\nq1\ta\t2\nq1\tb\t0\n",
}

func TestLoadReadsTheLayoutAndLeavesOutWhatIsNotJudged(t *testing.T) {
	set, err := evaluation.Load(folder(t, beir))
	if err != nil {
		t.Fatal(err)
	}
	want := []evaluation.Judged{{ID: "q1", Text: "one?", Relevant: map[string]int{"a": 2}}}
	if diff := cmp.Diff(want, set.Queries); diff != "" {
		t.Errorf("queries (-want +got):\n%s", diff)
	}
	if len(set.Documents) != 2 || set.Documents[0].Title != "A" || set.Documents[1].Text != "two" {
		t.Errorf("documents: %+v", set.Documents)
	}
}

func TestLoadRefusesABrokenSetByFileAndLine(t *testing.T) {
	for _, test := range []struct{ name, file, text, want string }{
		{"document twice", "corpus.jsonl", `{"_id":"a"}{"_id":"a"}`, "corpus.jsonl: record 2"},
		{"no id", "queries.jsonl", `{"text":"x"}`, "queries.jsonl: record 1: has no _id"},
		{"not JSON", "queries.jsonl", `{"_id":`, "queries.jsonl: record 1"},
		{"unknown document", "qrels.tsv", "q1\tz\t1\n", `qrels.tsv:1: judges document "z"`},
		{"unknown query", "qrels.tsv", "q9\ta\t1\n", `qrels.tsv:1: judges query "q9"`},
		{"gain", "qrels.tsv", "q1\ta\tmuch\n", "qrels.tsv:1: gain"},
		{"fields", "qrels.tsv", "q1 a 1\n", "qrels.tsv:1: has 1 fields"},
		{"nothing judged", "qrels.tsv", "query-id\tcorpus-id\tscore\n", "no query has a relevant document"},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := folder(t, beir)
			if err := os.WriteFile(filepath.Join(dir, test.file), []byte(test.text), 0o600); err != nil {
				t.Fatal(err)
			}
			if _, err := evaluation.Load(dir); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want one with %q", err, test.want)
			}
		})
	}
}

// Expected values worked out by hand from the definitions.
func TestMetrics(t *testing.T) {
	log2 := math.Log2
	for _, test := range []struct {
		name     string
		relevant map[string]int
		ranked   string
		want     evaluation.Metrics
	}{
		{"first", map[string]int{"a": 1}, "a b c", evaluation.Metrics{NDCG10: 1, Recall1: 1, Recall3: 1, Recall10: 1, MRR10: 1}},
		{"third", map[string]int{"a": 1}, "x y a", evaluation.Metrics{NDCG10: 1 / log2(4), Recall3: 1, Recall10: 1, MRR10: 1. / 3}},
		{"repeats count once", map[string]int{"a": 1}, "x x x x a", evaluation.Metrics{NDCG10: 1 / log2(3), Recall3: 1, Recall10: 1, MRR10: .5}},
		{"eleventh", map[string]int{"a": 1}, "1 2 3 4 5 6 7 8 9 10 a", evaluation.Metrics{}},
		{"tenth behind repeats", map[string]int{"a": 1}, "1 1 2 3 4 5 6 7 8 9 a", evaluation.Metrics{NDCG10: 1 / log2(11), Recall10: 1, MRR10: .1}},
		{"gains", map[string]int{"a": 2, "b": 1}, "b a", evaluation.Metrics{
			NDCG10: (1 + 3/log2(3)) / (3 + 1/log2(3)), Recall1: .5, Recall3: 1, Recall10: 1, MRR10: 1,
		}},
		{"nothing found", map[string]int{"a": 1}, "", evaluation.Metrics{}},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := evaluation.Measure([]evaluation.Judged{{Relevant: test.relevant}}, [][]string{strings.Fields(test.ranked)})
			test.want.Queries = 1
			if diff := cmp.Diff(test.want, got, cmpopts.EquateApprox(0, 1e-12)); diff != "" {
				t.Errorf("metrics (-want +got):\n%s", diff)
			}
		})
	}
}

func TestJudgeReportsEveryTag(t *testing.T) {
	set := evaluation.Set{Name: "s", Queries: []evaluation.Judged{
		{ID: "1", Text: "right", Relevant: map[string]int{"a": 1}, Tags: []string{"ar"}},
		{ID: "2", Text: "wrong", Relevant: map[string]int{"a": 1}, Tags: []string{"en"}},
	}}
	report, err := evaluation.Judge(t.Context(), set, func(_ context.Context, question string) ([]string, error) {
		if question == "right" {
			return []string{"a"}, nil
		}
		return []string{"b"}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if report.Recall1 != .5 || report.Tags["ar"].Recall1 != 1 || report.Tags["en"].Recall1 != 0 {
		t.Errorf("report: %+v", report)
	}
}

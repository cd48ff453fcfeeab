//go:build !race

// The race detector makes these ten times slower and finds nothing here that
// the other tests don't; make test runs them without it.

package app_test

import (
	"cmp"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"dalil/corpus"
	"dalil/internal/config"
	"dalil/internal/task"
)

var update = flag.Bool("update", false, "write the golden file of the ranking's quality")

// The golden file is what a reviewer reads: a change of the ranking shows as a
// change of these numbers. Renew it with go test ./internal/app -run Golden -update.
func TestGoldenQualityOnTheSeeds(t *testing.T) {
	var b strings.Builder
	fmt.Fprintf(&b, "%-24s %7s %8s %8s %8s %9s %8s\n", "seeds", "queries", "ndcg@10", "recall@1", "recall@3", "recall@10", "mrr@10")
	for _, arms := range []struct {
		name string
		arms []corpus.Arm
	}{{"both arms", nil}, {"lexical", []corpus.Arm{corpus.Lexical}}, {"dense", []corpus.Arm{corpus.Dense}}} {
		report := evaluate(t, "../../seeds", corpus.Query{Arms: arms.arms})
		for _, tag := range slices.Sorted(maps.Keys(report.Tags)) {
			m := report.Tags[tag]
			fmt.Fprintf(&b, "%-24s %7d %8.3f %8.3f %8.3f %9.3f %8.3f\n", arms.name+", "+tag, m.Queries, m.NDCG10, m.Recall1, m.Recall3, m.Recall10, m.MRR10)
		}
	}
	const golden = "testdata/quality.txt"
	if *update {
		if err := os.WriteFile(golden, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := gocmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("quality (-golden +now):\n%s", diff)
	}
}

func evaluate(t *testing.T, dir string, template corpus.Query) task.SetReport {
	t.Helper()
	report, err := task.Evaluate(operator(t), config.Default(), quiet, dir, template)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// The bars of the default configuration on the judged sets. Like the sets,
// they are outside the repository; the test runs where they lie beside it.
func TestQualityBars(t *testing.T) {
	if testing.Short() {
		t.Skip("takes half a minute")
	}
	lexical, dense := []corpus.Arm{corpus.Lexical}, []corpus.Arm{corpus.Dense}
	for _, bar := range []struct {
		set                   string
		arms                  []corpus.Arm
		ndcg, recall1, recall float64
	}{
		{"topical-mixed", nil, .87, 0, 0},
		{"topical-ar", nil, .90, 0, 0},
		{"xquad-en-ar", nil, .92, 0, .97},
		{"xquad-en-ar", lexical, .845, 0, 0},
		{"xquad-en-ar", dense, .77, 0, 0},
		{"xquad-ar-en", nil, 0, 0, .955},
		{"xquad-ar-ar", nil, .96, 0, 0},
		{"xquad-ar-ar", lexical, .90, 0, .97},
		{"xquad-en-en", nil, .975, 0, 0},
		{"tydiqa-goldp-dev-ar-ar", nil, .94, 0, 0},
		{"tydiqa-goldp-dev-ar-ar", lexical, .92, 0, 0},
		{"ntrex-en-ar", nil, 0, .925, 0},
	} {
		t.Run(fmt.Sprint(bar.set, bar.arms), func(t *testing.T) {
			r := evaluate(t, judgedSet(t, bar.set), corpus.Query{Arms: bar.arms})
			t.Logf("nDCG@10 %.4f, recall@1 %.4f, recall@10 %.4f", r.NDCG10, r.Recall1, r.Recall10)
			if r.OwnFirst != nil && bar.arms == nil {
				for tag, own := range r.OwnFirst.Tags {
					if own.Share < .85 {
						t.Errorf("%s: the first passage is right and in the question's language for %.3f of %d questions, the bar is .85", tag, own.Share, own.Questions)
					}
				}
			}
			if r.NDCG10 < bar.ndcg || r.Recall1 < bar.recall1 || r.Recall10 < bar.recall {
				t.Errorf("nDCG@10 %.4f, recall@1 %.4f, recall@10 %.4f; the bars are %v, %v, %v", r.NDCG10, r.Recall1, r.Recall10, bar.ndcg, bar.recall1, bar.recall)
			}
		})
	}
}

// An answer's own scores reveal questions about something else: the fused score
// orders one answer and can't. docs/scores.md has the bands.
func TestOffTopicQuestionsShowInTheScores(t *testing.T) {
	a := open(t, settings(t, nil))
	indexSeeds(t, a)
	best := func(file string) (scores []float64) {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(data)) {
			var q struct{ Text string }
			if err := json.Unmarshal([]byte(line), &q); err != nil {
				t.Fatal(err)
			}
			answer, err := a.Search(operator(t), corpus.Query{Text: q.Text})
			if err != nil {
				t.Fatal(err)
			}
			var most float64
			for _, p := range answer.Passages {
				if p.Scores.Dense != nil && p.Scores.Coverage != nil {
					most = max(most, float64(*p.Scores.Dense)+float64(*p.Scores.Coverage)/2)
				}
			}
			scores = append(scores, most)
		}
		return scores
	}
	related, unrelated := best("../../seeds/queries.jsonl"), best("../../seeds/off-topic.jsonl")
	if len(related) < 40 || len(unrelated) < 40 {
		t.Fatalf("%d related and %d unrelated questions, want 40 of each", len(related), len(unrelated))
	}
	// The share of pairs in the right order (area under the curve).
	right := 0
	for _, r := range related {
		for _, u := range unrelated {
			if r > u {
				right++
			}
		}
	}
	share := float64(right) / float64(len(related)*len(unrelated))
	slices.SortFunc(related, cmp.Compare[float64])
	slices.SortFunc(unrelated, cmp.Compare[float64])
	t.Logf("related: lowest %.2f, median %.2f; unrelated: median %.2f, 95th %.2f, highest %.2f; right order %.3f",
		related[0], related[len(related)/2], unrelated[len(unrelated)/2], unrelated[len(unrelated)*95/100], unrelated[len(unrelated)-1], share)
	if share < .97 {
		t.Errorf("%.3f of the pairs of a related and an unrelated question stand in the right order, want 0.97", share)
	}
}

// The two stores rank alike on a large set too, where it is there.
func TestQdrantRanksAsTheEmbeddedStoreOnXQuAD(t *testing.T) {
	const set = "../../../shared/data/eval/xquad-en-ar"
	if !exists(set) {
		t.Skip("there is no ", set)
	}
	ranksAlike(t, set)
}

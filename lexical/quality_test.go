package lexical_test

import (
	"cmp"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"dalil/corpus"
	"dalil/evaluation"
	"dalil/lexical"
)

// loadSet loads a judged set from DALIL_TEST_DATA, which make eval DATA=DIR sets,
// else from the data folder beside the clone, or skips.
func loadSet(t testing.TB, name string) evaluation.Set {
	dir := filepath.Join(cmp.Or(os.Getenv("DALIL_TEST_DATA"), filepath.Join("..", "..", "shared", "data", "eval")), name)
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("the judged set %s is not here", name)
	}
	set, err := evaluation.Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// bm25 is a plain search over documents, for measuring the analyzer.
type bm25 struct {
	ids  []string
	post map[string][]posting
	avg  float64
	lens []int
}
type posting struct {
	doc int
	tf  float64
}

func index(a *lexical.Analyzer, docs []corpus.Document) *bm25 {
	x := &bm25{post: map[string][]posting{}}
	total := 0
	for i, d := range docs {
		tf := map[string]float64{}
		terms := a.AppendTerms(a.Terms(d.Title), d.Text)
		for _, t := range terms {
			tf[t.Stem]++
		}
		x.ids = append(x.ids, d.ID)
		x.lens = append(x.lens, len(terms))
		total += len(terms)
		for s, n := range tf {
			x.post[s] = append(x.post[s], posting{i, n})
		}
	}
	x.avg = float64(total) / float64(len(docs))
	return x
}

func (x *bm25) search(terms []lexical.Term) []string {
	scores := make([]float64, len(x.ids))
	n := float64(len(x.ids))
	for _, t := range terms {
		p := x.post[t.Stem]
		df := float64(len(p))
		idf := math.Log(1 + (n-df+.5)/(df+.5))
		for _, q := range p {
			scores[q.doc] += idf * q.tf * 2.2 / (q.tf + 1.2*(.25+.75*float64(x.lens[q.doc])/x.avg))
		}
	}
	order := make([]int, 0, len(scores))
	for i, s := range scores {
		if s > 0 {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(i, j int) int {
		switch {
		case scores[i] > scores[j]:
			return -1
		case scores[i] < scores[j]:
			return 1
		}
		return 0
	})
	var out []string
	for _, i := range order[:min(len(order), 100)] {
		out = append(out, x.ids[i])
	}
	return out
}

func measure(a *lexical.Analyzer, set evaluation.Set) evaluation.Metrics {
	x := index(a, set.Documents)
	var ranked [][]string
	for _, q := range set.Queries {
		ranked = append(ranked, x.search(a.Terms(q.Text)))
	}
	return evaluation.Measure(set.Queries, ranked)
}

func TestQuality(t *testing.T) {
	for _, c := range []struct {
		set          string
		ndcg, recall float64
	}{
		{"xquad-ar-ar", .90, .97}, {"tydiqa-goldp-dev-ar-ar", .92, 0}, {"xquad-en-en", .97, 0},
	} {
		t.Run(c.set, func(t *testing.T) {
			m := measure(lexical.NewAnalyzer(), loadSet(t, c.set))
			t.Logf("%+v", m)
			if m.NDCG10 < c.ndcg || m.Recall10 < c.recall {
				t.Errorf("got %+v, want nDCG@10 ≥ %v, recall@10 ≥ %v", m, c.ndcg, c.recall)
			}
		})
	}
}

package searcher_test

import (
	"context"
	"testing"

	"dalil/corpus"
	"dalil/searcher"
)

// rarely is exact, and says of each word how rare it is in the language.
type rarely struct {
	exact
	surprisals []float32
}

func (r rarely) Rerank(ctx context.Context, query string, texts []string) ([]searcher.Reranking, error) {
	ranked, err := r.exact.Rerank(ctx, query, texts)
	for i := range ranked {
		ranked[i].Surprisals = r.surprisals
	}
	return ranked, err
}

// The index is small, so that "brown" and "Houston" are equally absent from it. Only one of them is rare in the language.
func TestRareWordsOfTheLanguageShowInTheSigns(t *testing.T) {
	const river, floods, brown, houston = 7, 10.5, 7, 21
	for name, test := range map[string]struct {
		question   string
		surprisals []float32
		want       map[string]float32
	}{
		"a common word is missing": {"river floods brown", []float32{river, floods, brown}, map[string]float32{
			"uncommon": .5 / .53, "uncommon_held": .5, "sum_uncommon": .5, "sum_uncommon_lost": 0,
			"sum_lost": 1, "sum_lost_rare": 1, "mean_far": 1. / 3, "far_meant": 1, "near_meant": 1,
		}},
		"a name is missing": {"river floods houston", []float32{river, floods, houston}, map[string]float32{
			"uncommon": .5 / 1.73, "uncommon_held": .5, "sum_uncommon": .5, "sum_uncommon_lost": 1.2,
			"sum_lost": 1, "sum_lost_rare": 1, "mean_far": 1. / 3, "far_meant": 1, "near_topic": 0,
		}},
		"a word without known pieces is missing": {"river floods houston", []float32{river, floods, 0}, map[string]float32{"sum_uncommon_lost": 1.2}},
		"nothing is missing": {"river floods", []float32{river, floods}, map[string]float32{
			"sum_uncommon_lost": 0, "sum_lost": 0, "sum_lost_rare": 0, "sum_lost_translated": 0, "sum_lost_translated_meant": 0,
			"mean_far": 0, "far_meant": 0, "near_meant": 1, "near_topic": 1,
		}},
		"the index decides": {"river floods houston", nil, map[string]float32{"sum_uncommon_lost": 1}},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t, nature)
			f.deps.Reranker = rarely{surprisals: test.surprisals}
			answer := search(t, searcher.New(f.deps, searcher.Options{Relevance: byConcepts(t)}), corpus.Query{Text: test.question, Debug: true})
			for _, sign := range answer.Passages[0].Signs {
				if want, ok := test.want[sign.Name]; ok && (sign.Value < want-.01 || sign.Value > want+.01) {
					t.Errorf("%s is %.3f, want %.3f", sign.Name, sign.Value, want)
				}
				delete(test.want, sign.Name)
			}
			for name := range test.want {
				t.Errorf("%s is missing", name)
			}
		})
	}
}

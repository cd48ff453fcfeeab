package searcher

import (
	"testing"

	"dalil/corpus"
	"dalil/searcher/trees"
)

// The learned ranker corrects each candidate by the features of this candidate.
func TestEachCandidateIsCorrectedByItsOwnFeatures(t *testing.T) {
	ranker := trees.New(FeatureNames(), []trees.Tree{{Features: [3]int{3, 3, 3}, Thresholds: [3]float32{1, 2, 3}, Leaves: [8]float32{0, 1, 0, 2, 0, 0, 0, 3}}})
	r := &run{
		Searcher: &Searcher{options: Options{Ranker: ranker}}, room: &memory{},
		lexical: true, vector: corpus.Vector{1}, rerankDepth: 20,
	}
	candidates := make([]candidate, 20)
	for i := range candidates {
		c, rerank := &candidates[i], float32(1)
		c.scores.Rerank = &rerank
		c.features[featureFused], c.features[3] = float32(i)/100, float32(i%4)+.5
	}
	if _, err := r.correct(t.Context(), candidates); err != nil {
		t.Fatal(err)
	}
	for i, c := range candidates {
		if want := float64(c.features[featureFused]) + float64(int(c.features[3])); c.final != want {
			t.Errorf("candidate with features %v and %v has the score %v, want %v", c.features[featureFused], c.features[3], c.final, want)
		}
		if i > 0 && c.final > candidates[i-1].final {
			t.Errorf("candidate %d comes after one with a lower score", i)
		}
	}
}

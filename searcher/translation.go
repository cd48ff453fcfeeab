package searcher

import (
	"context"
	"math"

	"dalil/corpus"
)

// Comparer is a ProfilingReranker that compares passages with each other. Fallback: no
// passage is recognised as the translation of another one.
type Comparer interface {
	ProfilingReranker
	// Similar returns the cosine similarity, -1 to 1, of the text of a profile with
	// each of the others, in their order.
	Similar(profile []byte, others [][]byte) []float32
}

// translationLeast is the similarity from which on two passages in different languages
// count as translations of each other. translationApart is by how much their cosines
// with the question differ at most; it saves comparisons. docs/decisions/006-ranker.md
// has the measurements.
const (
	translationLeast = 0.75
	translationApart = 0.15
)

// translate puts the translation of the first passage before it, if the first passage
// is in another language than the question. Such a translation says the same, but may
// lack the question's words: the Arabic passage for "freedom of speech" has حرية
// التعبير, and its translation "free speech".
func (r *run) translate(_ context.Context, candidates []candidate) ([]candidate, error) {
	comparer, ok := r.profiler.reranker.(Comparer)
	best := r.best(candidates)
	if !ok || !r.prefers() || r.vector == nil || !translatable(&best[0]) || best[0].features[featureLanguage] == 1 {
		return candidates, nil
	}
	first := &best[0]
	var own []int
	var profiles [][]byte
	for i := range best {
		c := &best[i]
		if c.features[featureLanguage] == 1 && translatable(c) && math.Abs(float64(*c.scores.Dense-*first.scores.Dense)) <= translationApart {
			own, profiles = append(own, i), append(profiles, c.profile.reranker)
		}
	}
	if len(own) == 0 {
		return candidates, nil
	}
	found, most := -1, float32(translationLeast)
	for i, similarity := range comparer.Similar(first.profile.reranker, profiles) {
		if similarity >= most {
			found, most = own[i], similarity
		}
	}
	if found >= 0 {
		best[found].final = math.Nextafter(first.final, math.Inf(1))
		sortCandidates(best)
	}
	return candidates, nil
}

// prefers reports whether passages in the question's language are preferred.
func (r *run) prefers() bool {
	return !r.query.AnyLanguage && r.lexical && r.query.Fusion.Method == corpus.Mix && r.script != 0
}

// translatable reports whether a candidate has what translations are recognised by.
func translatable(c *candidate) bool { return c.profile != nil && c.scores.Dense != nil }

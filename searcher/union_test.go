package searcher

import (
	"slices"
	"testing"

	"dalil/corpus"
	"dalil/store"
)

// The hits of all arms become candidates once each. The first arms give ranks, and no later list takes
// them away. Of two revisions of a document, that of the first hit stays.
func TestTheUnionOfHits(t *testing.T) {
	hit := func(document, revision string, ordinal int, score float32) store.Hit {
		return store.Hit{ID: corpus.NewChunkID(document, revision, ordinal), DocumentID: document, Revision: revision, Score: score}
	}
	other := func(h store.Hit, score float32) store.Hit {
		return store.Hit{ID: h.ID, Score: score, Other: true}
	}
	a, b, c := hit("a", "1", 0, .9), hit("b", "1", 3, .8), hit("c", "1", 0, 7)
	found := [][]store.Hit{
		{a, b},
		{c, hit("a", "2", 1, 6), hit("b", "1", 3, 5)}, // another revision of a, and b again
		{hit("d", "1", 0, .5), hit("a", "1", 0, .9)},  // an arm for the time that the question names
		{hit("d", "1", 0, 2), hit("c", "1", 0, 7)},    // and the other one
	}
	others := [][]store.Hit{{other(c, .1), other(found[2][0], .5)}, {other(a, 1), other(found[2][0], 2)}}
	r := &run{Searcher: New(Deps{}, Options{})}
	r.union(found, others, []corpus.Arm{corpus.Dense, corpus.Lexical, corpus.Dense, corpus.Lexical})
	type scores struct {
		document               string
		dense, lexical         float32
		denseRank, lexicalRank int
	}
	var got []scores
	for _, c := range r.candidates {
		got = append(got, scores{c.hit.DocumentID + c.hit.Revision, *c.scores.Dense, *c.scores.Lexical, c.scores.DenseRank, c.scores.LexicalRank})
	}
	want := []scores{{"a1", .9, 1, 1, 0}, {"b1", .8, 5, 2, 3}, {"c1", .1, 7, 0, 1}, {"d1", .5, 2, 0, 0}}
	if !slices.Equal(got, want) {
		t.Errorf("candidates %+v, want %+v", got, want)
	}
}

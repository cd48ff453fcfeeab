package searcher_test

import (
	"context"
	"testing"

	"dalil/corpus"
	"dalil/searcher"
	"dalil/store"
)

// noting is a store without profiles that notes which passages were read with their sparse
// vectors.
type noting struct {
	store.Reader
	sparse map[corpus.ChunkID]bool
}

func (n noting) Chunks(ctx context.Context, ids []corpus.ChunkID, with store.Fields) ([]store.Point, error) {
	points, err := n.Reader.Chunks(ctx, ids, with)
	for _, p := range points {
		n.sparse[p.Chunk.ID] = n.sparse[p.Chunk.ID] || with&store.WithSparse != 0
	}
	return points, err
}

// A question with a phrase reads texts first. The profiles need the sparse vectors too.
func TestPassagesOfAPhraseAreProfiledWithTheirSparseVectors(t *testing.T) {
	f := newFixture(t, nature)
	notes := noting{f.store, map[corpus.ChunkID]bool{}}
	f.deps.Store = notes
	answer := search(t, searcher.New(f.deps, searcher.Options{}), corpus.Query{Text: `"in spring" rivers`, Limit: 3, Syntax: true})
	if len(answer.Passages) != 2 {
		t.Fatalf("%d passages have the phrase, want 2", len(answer.Passages))
	}
	for _, p := range answer.Passages {
		if !notes.sparse[p.Chunk.ID] {
			t.Errorf("%q was read without its sparse vector", p.Chunk.Text)
		}
	}
}

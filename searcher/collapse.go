package searcher

import (
	"context"
	"fmt"

	"dalil/corpus"
	"dalil/searcher/shingle"
	"dalil/store"
)

// collapse leaves out the passages that have nearly the same text as better ones, by the
// rule of contexts ([shingle.Originals]). The passage that shares most with a duplicate
// names it.
func (r *run) collapse(ctx context.Context, candidates []candidate) ([]candidate, error) {
	ids := idsOf(candidates)
	points, err := r.deps.Store.Chunks(ctx, ids, store.WithText) // in the order of ids; those that are gone are missing
	if err != nil {
		return nil, fmt.Errorf("read %d passages: %w", len(ids), err)
	}
	originals := shingle.Named()
	kept := make([]int, 0, len(candidates))
	var numbers []int // of the originals among the candidates
	for i, id := range ids {
		if len(points) > 0 && points[0].Chunk.ID == id {
			original, duplicate := originals.Meet(points[0].Chunk.Text)
			points = points[1:]
			if duplicate {
				r.duplicate(ids[numbers[original]], id)
				continue
			}
			numbers = append(numbers, i)
		}
		kept = append(kept, i) // what is gone too, which the page finds
	}
	if len(kept) == len(candidates) {
		return candidates, nil
	}
	return r.reorder(candidates, kept), nil
}

// duplicate records a duplicate of a passage.
func (r *run) duplicate(of, id corpus.ChunkID) {
	if r.duplicates == nil {
		r.duplicates = map[corpus.ChunkID][]corpus.ChunkID{}
	}
	r.duplicates[of] = append(r.duplicates[of], id)
}

package searcher

import (
	"context"

	"dalil/corpus"
	"dalil/searcher/shingle"
)

// collapse leaves out the passages that have nearly the same text as better ones, by the
// rule of contexts ([shingle.Originals]). The passage that shares most with a duplicate
// names it.
func (r *run) collapse(ctx context.Context, candidates []candidate) ([]candidate, error) {
	if err := r.readCandidates(ctx, candidates); err != nil {
		return nil, err
	}
	originals := shingle.Named()
	kept := make([]int, 0, len(candidates))
	var numbers []int // of the originals, in kept
	for i := range candidates {
		point, there := r.points[candidates[i].hit.ID]
		if there { // what is gone is left to the page
			original, duplicate := originals.Meet(point.Chunk.Text)
			if duplicate {
				r.duplicate(candidates[kept[numbers[original]]].hit.ID, candidates[i].hit.ID)
				continue
			}
			numbers = append(numbers, len(kept))
		}
		kept = append(kept, i)
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

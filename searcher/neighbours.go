package searcher

import (
	"context"
	"fmt"

	"dalil/corpus"
	"dalil/store"
)

// neighbours adds up to n chunks on each side of every passage, in one call,
// because their ids are derived from that of the passage. The call also reads the
// passages again. If one of them is gone, its document was replaced or deleted, so
// that its neighbours are gone too: vanished is true.
func neighbours(ctx context.Context, reader store.Reader, passages []corpus.Passage, n int) (vanished bool, err error) {
	if n == 0 || len(passages) == 0 {
		return false, nil
	}
	var ids []corpus.ChunkID
	seen := map[corpus.ChunkID]bool{}
	each := func(c corpus.Chunk, yield func(corpus.ChunkID, int)) {
		for ordinal := max(c.Ordinal-n, 0); ordinal <= c.Ordinal+n; ordinal++ {
			if ordinal != c.Ordinal {
				yield(c.ID.At(ordinal), ordinal)
			}
		}
	}
	ask := func(id corpus.ChunkID, _ int) {
		if !seen[id] {
			seen[id] = true
			ids = append(ids, id)
		}
	}
	for _, p := range passages {
		ask(p.Chunk.ID, 0)
		each(p.Chunk, ask)
	}
	points, err := reader.Chunks(ctx, ids, store.WithText)
	if err != nil {
		return false, fmt.Errorf("read neighbours: %w", err)
	}
	held := make(map[corpus.ChunkID]corpus.Chunk, len(points))
	for _, p := range points {
		held[p.Chunk.ID] = p.Chunk
	}
	for i := range passages {
		p := &passages[i]
		if _, ok := held[p.Chunk.ID]; !ok {
			vanished = true
		}
		each(p.Chunk, func(id corpus.ChunkID, ordinal int) {
			chunk, ok := held[id]
			switch {
			case !ok: // before the first or after the last
			case ordinal < p.Chunk.Ordinal:
				p.Before = append(p.Before, chunk)
			default:
				p.After = append(p.After, chunk)
			}
		})
	}
	return vanished, nil
}

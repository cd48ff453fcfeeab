package searcher

import (
	"context"
	"fmt"

	"dalil/corpus"
	"dalil/store"
)

// neighbours adds up to n chunks on each side of every passage, in one call,
// because their ids are derived from that of the passage.
func neighbours(ctx context.Context, reader store.Reader, passages []corpus.Passage, n int) error {
	if n == 0 || len(passages) == 0 {
		return nil
	}
	var ids []corpus.ChunkID
	seen := map[corpus.ChunkID]bool{}
	each := func(c corpus.Chunk, yield func(corpus.ChunkID, int)) {
		for ordinal := max(c.Ordinal-n, 0); ordinal <= c.Ordinal+n; ordinal++ {
			if ordinal != c.Ordinal {
				yield(corpus.NewChunkID(c.DocumentID, c.Revision, ordinal), ordinal)
			}
		}
	}
	for _, p := range passages {
		each(p.Chunk, func(id corpus.ChunkID, _ int) {
			if !seen[id] {
				seen[id] = true
				ids = append(ids, id)
			}
		})
	}
	points, err := reader.Chunks(ctx, ids, store.WithText)
	if err != nil {
		return fmt.Errorf("read neighbours: %w", err)
	}
	held := make(map[corpus.ChunkID]corpus.Chunk, len(points))
	for _, p := range points {
		held[p.Chunk.ID] = p.Chunk
	}
	for i := range passages {
		p := &passages[i]
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
	return nil
}

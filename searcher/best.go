package searcher

import (
	"context"
	"fmt"
	"strings"

	"dalil/corpus"
	"dalil/store"
)

// readBest reads text, document and words of the best candidates in one call;
// the page reuses them.
func (r *run) readBest(ctx context.Context, candidates []candidate) ([]candidate, error) {
	return candidates, r.read(ctx, r.best(candidates))
}

// passageText is what is compared with the question: the title counts as the
// passage's first sentence, as it does in the arms. It is empty for a passage
// that has gone; the page leaves that out.
func passageText(p store.Point) string {
	if p.Document == nil || strings.HasPrefix(p.Chunk.Text, p.Document.Title) {
		return p.Chunk.Text
	}
	return p.Document.Title + "\n" + p.Chunk.Text
}

// read fetches the points of the candidates that were not read yet.
func (r *run) read(ctx context.Context, candidates []candidate) error {
	if r.points == nil {
		r.points = make(map[corpus.ChunkID]store.Point, len(candidates))
	}
	var ids []corpus.ChunkID
	for _, c := range candidates {
		if _, held := r.points[c.hit.ID]; !held {
			ids = append(ids, c.hit.ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	with := store.WithText | store.WithDocument
	if r.lexical {
		with |= store.WithSparse // for the coverage
	}
	points, err := r.deps.Store.Chunks(ctx, ids, with)
	if err != nil {
		return fmt.Errorf("read %d passages: %w", len(ids), err)
	}
	for _, p := range points {
		r.points[p.Chunk.ID] = p
	}
	return nil
}

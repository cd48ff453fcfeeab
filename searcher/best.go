package searcher

import (
	"context"
	"fmt"
	"strings"

	"dalil/corpus"
	"dalil/store"
)

// passageText returns the text that is compared with the question. The title counts
// as the passage's first sentence, as in the arms. It is empty for a passage that
// was deleted meanwhile, which the page leaves out.
func passageText(p store.Point) string {
	if p.Document == nil || strings.HasPrefix(p.Chunk.Text, p.Document.Title) {
		return p.Chunk.Text
	}
	return p.Document.Title + "\n" + p.Chunk.Text
}

// readCandidates reads the text and document of the candidates.
func (r *run) readCandidates(ctx context.Context, candidates []candidate) error {
	ids := make([]corpus.ChunkID, len(candidates))
	for i := range candidates {
		ids[i] = candidates[i].hit.ID
	}
	return r.read(ctx, ids, 0)
}

// read reads the passages that were not read yet, with text, document and the given fields. One
// that was read without its sparse vector is read again if that is needed: a profile that
// is made without it would be another one.
func (r *run) read(ctx context.Context, wanted []corpus.ChunkID, more store.Fields) error {
	if r.points == nil {
		r.points = make(map[corpus.ChunkID]store.Point, len(wanted))
	}
	ids := make([]corpus.ChunkID, 0, len(wanted))
	for _, id := range wanted {
		if p, held := r.points[id]; !held || more&store.WithSparse != 0 && p.Sparse.Len() == 0 {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	points, err := r.deps.Store.Chunks(ctx, ids, store.WithText|store.WithDocument|more)
	if err != nil {
		return fmt.Errorf("read %d passages: %w", len(ids), err)
	}
	for _, p := range points {
		r.points[p.Chunk.ID] = p
	}
	return nil
}

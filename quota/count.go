package quota

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"dalil/corpus"
	"dalil/store"
)

// countPage is how many documents Count lists in one call.
const countPage = 1000

// Count counts what a tenant uses, from all of its documents and the source versions that
// are kept of deleted ones.
func Count(ctx context.Context, r store.Reader, tenant string) (used corpus.Usage, err error) {
	kept, err := store.KeptVersions(ctx, r, tenant)
	if err != nil {
		return used, fmt.Errorf("count the source versions of a tenant: %w", err)
	}
	used.Versions = int64(kept)
	for after := ""; ; {
		page, err := store.TenantDocuments(ctx, r, tenant, after, countPage)
		if err != nil {
			return used, fmt.Errorf("count the documents of a tenant: %w", err)
		}
		held, err := sizesOf(ctx, r, page)
		if err != nil {
			return used, fmt.Errorf("count the documents of a tenant: %w", err)
		}
		for _, u := range held {
			used = used.Plus(u)
		}
		if len(page) < countPage {
			return used, nil
		}
		_, after = corpus.SplitKey(page[len(page)-1].Document.ID)
	}
}

// sizes returns what documents use, by id. A deleted document may use a source version.
func sizes(ctx context.Context, r store.Reader, ids []string) (map[string]corpus.Usage, error) {
	records, err := store.Records(ctx, r, ids)
	if err != nil {
		return nil, fmt.Errorf("read what documents use: %w", err)
	}
	list := make([]store.Record, 0, len(records))
	for _, record := range records {
		list = append(list, record)
	}
	used, err := sizesOf(ctx, r, list)
	if err != nil || len(records) == len(ids) {
		return used, err
	}
	gone := slices.DeleteFunc(slices.Clone(ids), func(id string) bool { _, there := records[id]; return there })
	versions, err := r.Versions(ctx, gone)
	if err != nil {
		return nil, fmt.Errorf("read what deleted documents use: %w", err)
	}
	for id := range versions {
		used[id] = corpus.Usage{Versions: 1}
	}
	return used, nil
}

// sizesOf returns what documents use. The last passage ends where the text ends.
func sizesOf(ctx context.Context, r store.Reader, records []store.Record) (map[string]corpus.Usage, error) {
	used := make(map[string]corpus.Usage, len(records))
	var last []corpus.ChunkID
	for i := range records {
		d := &records[i]
		used[d.Document.ID] = corpus.Usage{Documents: 1, Passages: int64(d.Chunks)}
		if d.Chunks > 0 {
			last = append(last, corpus.NewChunkID(d.Document.ID, d.Revision, d.Chunks-1))
		}
	}
	points, err := r.Chunks(ctx, last, store.WithHidden)
	if err != nil {
		return nil, fmt.Errorf("read what documents use: %w", err)
	}
	for i := range points {
		id := points[i].Chunk.DocumentID
		u := used[id]
		u.Bytes = int64(points[i].Chunk.Span.End)
		used[id] = u
	}
	return used, nil
}

// size is what a document will use.
func size(e *store.Entry) corpus.Usage {
	u := corpus.Usage{Documents: 1, Passages: int64(len(e.Points))}
	if len(e.Points) > 0 {
		u.Bytes = int64(e.Points[len(e.Points)-1].Chunk.Span.End)
	}
	return u
}

// writing is the set of documents that are being written. What a write adds is known
// only if no other write of the same document is in progress.
type writing struct {
	mu    sync.Mutex
	ended sync.Cond
	ids   map[string]struct{}
}

func newWriting() *writing {
	w := &writing{ids: map[string]struct{}{}}
	w.ended.L = &w.mu
	return w
}

// lock waits until none of the documents is being written, and returns what ends the
// write. ids has no id twice.
func (w *writing) lock(ids []string) (unlock func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for w.any(ids) {
		w.ended.Wait()
	}
	for _, id := range ids {
		w.ids[id] = struct{}{}
	}
	return func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		for _, id := range ids {
			delete(w.ids, id)
		}
		w.ended.Broadcast()
	}
}

func (w *writing) any(ids []string) bool {
	for _, id := range ids {
		if _, held := w.ids[id]; held {
			return true
		}
	}
	return false
}

package server_test

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"dalil/corpus"
	"dalil/server"
)

// backend fills all four contracts from memory. Each func field, when set,
// stands in for its verb.
type backend struct {
	contexts  server.Contexts // nil: there are none
	claims    server.Claims
	backups   server.Backups // nil: none
	tenants   server.Tenants // nil: none
	mu        sync.Mutex
	documents map[string]corpus.Document
	queries   []corpus.Query
	ready     error
	panicInfo bool
	revision  string         // of all documents; "": r1
	never     map[string]int // nil

	search   func(context.Context, corpus.Query) (corpus.Answer, error)
	passages func(context.Context, []corpus.ChunkID, int) ([]corpus.Passage, error)
	ingest   func(context.Context, <-chan corpus.Raw, func(int, corpus.Receipt)) error
	update   func(corpus.Update) (corpus.Receipt, error)
	stats    func(context.Context) (corpus.Stats, error)
	rebuild  func(context.Context, func(corpus.Progress)) (corpus.Rebuilt, error)
	oneOnly  error // why there is no second collection
}

func newBackend() *backend { return &backend{documents: map[string]corpus.Document{}} }

// total is how many passages every question has.
const total = 25

func (h *backend) Search(ctx context.Context, q corpus.Query) (corpus.Answer, error) {
	h.mu.Lock()
	h.queries = append(h.queries, q)
	h.mu.Unlock()
	if h.search != nil {
		return h.search(ctx, q)
	}
	answer := corpus.Answer{Candidates: total}
	for rank := q.Offset + 1; rank <= min(q.Offset+q.Limit, total); rank++ {
		answer.Passages = append(answer.Passages, passage(rank))
	}
	answer.More = q.Offset+q.Limit < total
	return answer, nil
}

// SearchAll answers in the opposite order.
func (h *backend) SearchAll(ctx context.Context, queries []corpus.Query, report func(int, corpus.Answer, error)) error {
	for i, q := range slices.Backward(queries) {
		a, err := h.Search(ctx, q)
		report(i, a, err)
	}
	return nil
}

func (h *backend) asked() []corpus.Query {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.queries)
}

func passage(rank int) corpus.Passage {
	id := fmt.Sprintf("doc-%02d", rank)
	return corpus.Passage{
		Rank: rank,
		Chunk: corpus.Chunk{
			ID: corpus.NewChunkID(id, "r1", 0), DocumentID: id, Revision: "r1", Text: "التعاون " + id, Span: corpus.Span{End: 20},
		},
		Document: corpus.Document{ID: id, Title: "Title " + id},
		Scores:   corpus.Scores{Fused: 1 / float32(rank)},
	}
}

func (h *backend) Passages(ctx context.Context, ids []corpus.ChunkID, n int, _ corpus.View) ([]corpus.Passage, error) {
	if h.passages != nil {
		return h.passages(ctx, ids, n)
	}
	var found []corpus.Passage
	for _, id := range ids {
		for rank := 1; rank <= total; rank++ {
			if p := passage(rank); p.Chunk.ID == id {
				p.Rank = len(found) + 1
				found = append(found, p)
			}
		}
	}
	return found, nil
}

func (h *backend) Explain(context.Context, corpus.Query, string) (corpus.Explained, error) {
	return corpus.Explained{Cause: corpus.CauseRanked, Rank: 1}, nil
}

func (h *backend) Similar(ctx context.Context, q corpus.SimilarQuery) (corpus.Answer, error) {
	return h.Search(ctx, corpus.Query{Limit: q.Limit, Offset: q.Offset})
}

func (h *backend) Ingest(ctx context.Context, raws <-chan corpus.Raw, report func(int, corpus.Receipt)) error {
	if h.ingest != nil {
		return h.ingest(ctx, raws, report)
	}
	for i := 0; ; i++ {
		select {
		case raw, more := <-raws:
			if !more {
				return nil
			}
			report(i, h.put(raw))
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (h *backend) put(raw corpus.Raw) corpus.Receipt {
	h.mu.Lock()
	defer h.mu.Unlock()
	if raw.Body != nil {
		raw.Document.Text = string(raw.Body)
	}
	r := corpus.Receipt{DocumentID: raw.Document.ID, Outcome: corpus.Indexed, Revision: "r1", Chunks: 1, Tokens: len(raw.Document.Text)}
	if strings.Contains(raw.Document.Text, "poison") {
		return corpus.Receipt{DocumentID: raw.Document.ID, Outcome: corpus.Failed, Err: corpus.Invalid("text", "is poison")}
	}
	if held, ok := h.documents[raw.Document.ID]; ok && held.Text == raw.Document.Text {
		r.Outcome, r.Tokens = corpus.Unchanged, 0
	}
	h.documents[raw.Document.ID] = raw.Document
	return r
}

func (h *backend) held() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.documents)
}

func (h *backend) Document(_ context.Context, id string, withText bool) (corpus.DocumentInfo, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	d, ok := h.documents[id]
	if !ok {
		return corpus.DocumentInfo{}, fmt.Errorf("read %s from /secret/path: %w", id, corpus.ErrNotFound)
	}
	if !withText {
		d.Text = ""
	}
	return corpus.DocumentInfo{Document: d, Revision: cmp.Or(h.revision, "r1"), Chunks: 1, UpdatedAt: time.Unix(1_700_000_000, 0)}, nil
}

func (h *backend) setRevision(revision string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.revision = revision
}

func (h *backend) List(_ context.Context, l corpus.Listing) (corpus.Listed, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	var page corpus.Listed
	for _, id := range slices.Sorted(maps.Keys(h.documents)) {
		d := h.documents[id]
		d.Text = ""
		if !l.Filter.Match(&d) {
			continue
		}
		page.Total++
		if info := (corpus.DocumentInfo{Document: d, Revision: "r1", Chunks: 1}); l.After == nil || l.Compare(*l.After, l.PlaceOf(&info)) < 0 {
			page.Documents = append(page.Documents, info)
		}
	}
	slices.SortFunc(page.Documents, func(a, b corpus.DocumentInfo) int { return l.Compare(l.PlaceOf(&a), l.PlaceOf(&b)) })
	page.Documents = page.Documents[:min(l.Limit, len(page.Documents))]
	return page, nil
}

func (h *backend) Parts(_ context.Context, info corpus.DocumentInfo, from, to int) ([]corpus.Chunk, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	id := info.Document.ID
	var chunks []corpus.Chunk
	for i := from; i < to; i++ {
		chunks = append(chunks, corpus.Chunk{ID: corpus.NewChunkID(id, info.Revision, i), DocumentID: id, Ordinal: i, Text: h.documents[id].Text})
	}
	return chunks, nil
}

func (h *backend) Update(_ context.Context, u corpus.Update) (corpus.Receipt, error) {
	if h.update != nil {
		return h.update(u)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	held, there := h.documents[u.Document.ID]
	if !there {
		return corpus.Receipt{}, corpus.ErrNotFound
	}
	h.documents[u.Document.ID] = u.Apply(held)
	return corpus.Receipt{DocumentID: u.Document.ID, Outcome: corpus.Indexed, Revision: "r1"}, nil
}

func (h *backend) Delete(_ context.Context, d corpus.Deletion) (corpus.Receipt, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	r := corpus.Receipt{DocumentID: d.ID, Outcome: corpus.Deleted}
	if err := corpus.CheckVersion(d.ID, d.SourceVersion, h.documents[d.ID].SourceVersion); err != nil {
		r.Outcome, r.Err = corpus.Stale, err
		return r, nil
	}
	if err := d.If.Check(d.ID, h.documents[d.ID].ETag); err != nil {
		return r, err
	}
	delete(h.documents, d.ID)
	return r, nil
}

func (h *backend) Erase(_ context.Context, f corpus.Filter, dryRun bool, _ func(corpus.Progress)) (e corpus.Erased, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, id := range slices.Sorted(maps.Keys(h.documents)) {
		if d := h.documents[id]; f.Match(&d) {
			e.Matched++
			e.Sample = append(e.Sample, id)
			if !dryRun {
				e.Deleted++
				delete(h.documents, id)
			}
		}
	}
	return e, nil
}

func (h *backend) Facets(context.Context, corpus.Filter, []corpus.FacetRequest) ([]corpus.Facet, int, error) {
	return nil, h.held(), nil
}

func (h *backend) Mark() corpus.Mark { return corpus.Mark{Collection: [8]byte{1}, Sequence: 7} }

func (h *backend) Info() corpus.Info {
	if h.panicInfo {
		h.never["x"]++
	}
	return corpus.Info{
		Version: "1.2.3", Commit: "abc", GoVersion: "go1", Store: "local", Embedder: "hash", Collection: "default",
		Pipeline: corpus.Pipeline{Model: "m", ModelRevision: "1", Dimensions: 256, Analyzer: "a1", Chunker: "c1"},
		Arms:     []corpus.Arm{corpus.Dense, corpus.Lexical}, StartedAt: time.Unix(1_700_000_000, 0),
	}
}

func (h *backend) Stats(ctx context.Context) (corpus.Stats, error) {
	if h.stats != nil {
		return h.stats(ctx)
	}
	return corpus.Stats{Documents: 3, Passages: 7, Terms: 11, Languages: map[string]int{"ar": 2, "": 1}, DiskBytes: 4096}, nil
}

func (h *backend) Ready(context.Context) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.ready
}

func (h *backend) setReady(err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.ready = err
}

package qdrant

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	sdk "github.com/qdrant/go-client/qdrant"

	"dalil/corpus"
	"dalil/store"
)

// judges returns the manifests of the found documents. A manifest that was read
// earlier is used if it names all found passages of its document and the journal
// does not name the document.
func (s *Store) judges(ctx context.Context, collection string, searches []*armSearch, recent *changing) (map[corpus.ChunkID]*manifest, error) {
	held := map[corpus.ChunkID]*manifest{}
	unsure := map[corpus.ChunkID]struct{}{}
	for _, a := range searches {
		for _, id := range a.ids {
			key := id.Document()
			m, known := held[key]
			if !known {
				m, _ = s.seen.GetIfPresent(key)
				held[key] = m
			}
			if !m.holds(id) || recent != nil && recent.has(key) {
				unsure[key] = struct{}{}
			}
		}
	}
	if recent == nil && len(unsure) > 0 { // something changed meanwhile
		for key := range held {
			unsure[key] = struct{}{}
		}
	}
	return held, s.readAgain(ctx, collection, unsure, held)
}

// readAgain reads the manifests of the keys, caches them and adds them to held.
func (s *Store) readAgain(ctx context.Context, collection string, keys map[corpus.ChunkID]struct{}, held map[corpus.ChunkID]*manifest) error {
	fresh, err := s.manifests(ctx, s.asking(), collection, slices.Collect(maps.Keys(keys)))
	if err != nil {
		return err
	}
	for key := range keys {
		m := fresh[key]
		if m == nil {
			s.seen.Invalidate(key)
			delete(held, key)
			continue
		}
		s.seen.Set(key, m.bare())
		held[key] = m
	}
	return nil
}

// judge keeps the passages that the manifests name, in order, and reports whether
// the list is complete. If it is not, the next query requests more.
func (a *armSearch) judge(held map[corpus.ChunkID]*manifest, settled *confirmed, begun int64, first bool, now time.Time) bool {
	a.hits = a.hits[:0]
	complete := true
	for i, id := range a.ids {
		m := held[id.Document()]
		if m.holds(id) && a.bound && !m.of(a.tenant) {
			a.mixed = true
			complete = complete && (a.arm.IDs != nil || !a.open)
			continue
		}
		if m.holds(id) && !m.life.visible(now) {
			a.hidden = true
			if a.arm.IDs == nil && !a.filtered { // it may have crowded others out
				complete = false
			}
			continue
		}
		if m.holds(id) {
			if score := a.found[i].GetScore(); a.arm.Min == nil || score >= *a.arm.Min {
				a.hits = append(a.hits, store.Hit{ID: id, DocumentID: m.documentID, Revision: m.revision, Score: score})
			}
			continue
		}
		// Either a leftover, or the document was replaced after the query. Only if
		// its manifest was read before the query, no passage of the document is
		// missing here. A passage without any manifest most likely belongs to a
		// first write that is not complete; the query is repeated once.
		if m == nil && first && a.arm.IDs == nil {
			complete = false
		}
		if m != nil && !m.deleted && a.arm.IDs == nil && !settled.unchanged(id.Document(), m.sequence, begun) {
			complete = false
		}
	}
	slices.SortFunc(a.hits, func(x, y store.Hit) int {
		return cmp.Or(cmp.Compare(y.Score, x.Score), x.ID.Compare(y.ID))
	})
	asked := int(a.query.GetLimit())
	if a.arm.IDs == nil && a.asked >= asked && a.short() {
		a.query.Limit = sdk.PtrOf(uint64(min(2*asked, a.arm.Limit+deepest)))
		complete = complete && asked >= a.arm.Limit+deepest
	}
	a.hits = a.hits[:min(len(a.hits), a.arm.Limit)]
	if a.hidden {
		a.leaveOut(now)
	}
	if a.mixed && a.open {
		a.close()
	}
	return complete
}

// deepest is how many hits below the limit a search requests at most, to find ties
// with its last hit and hits that leftovers displaced.
const deepest = 1 << 16

// short reports whether hits that belong in the list may be below the last one
// found: too few were kept, or the last kept hit has the same score as the last one
// found.
func (a *armSearch) short() bool {
	if len(a.found) == 0 {
		return true // all are points of other programs
	}
	last := a.found[len(a.found)-1].GetScore()
	if a.arm.Min != nil && last < *a.arm.Min {
		return false
	}
	return len(a.hits) < a.arm.Limit || a.hits[a.arm.Limit-1].Score <= last
}

// confirmed records the sequences of manifests that were read, and when each was
// read first. Sequences only increase. So if the sequence of a manifest was read
// before a query began, the manifest was not written during the query.
type confirmed struct {
	mu   sync.Mutex
	now  int64 // counts the queries that have begun
	seen map[corpus.ChunkID]sighting
}

type sighting struct{ sequence, at int64 }

// confirmedMost limits the number of recorded sequences, which take about 64 bytes each.
const confirmedMost = 1 << 14

func (c *confirmed) begin() int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now++
	return c.now
}

func (c *confirmed) unchanged(key corpus.ChunkID, sequence, begun int64) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	s, held := c.seen[key]
	return held && s.sequence == sequence && s.at < begun
}

func (c *confirmed) saw(held map[corpus.ChunkID]*manifest) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.seen == nil || len(c.seen) > confirmedMost {
		c.seen = make(map[corpus.ChunkID]sighting, len(held))
	}
	for key, m := range held {
		if s, known := c.seen[key]; !known || s.sequence < m.sequence {
			c.seen[key] = sighting{m.sequence, c.now}
		}
	}
}

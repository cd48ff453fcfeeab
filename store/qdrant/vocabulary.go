package qdrant

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	sdk "github.com/qdrant/go-client/qdrant"

	"dalil/corpus"
	"dalil/store"
)

// vocabulary counts how many passages hold each term. Each process that writes
// keeps a table of what it added and took away, stored in the collection in
// slices; the sum of all tables is the vocabulary. It is read every minute and
// kept in memory. A process that was killed loses what it had not stored yet;
// where the sum is far from the number of passages, all is counted anew.
type vocabulary struct {
	store    *Store
	id       string // of this process's table
	snapshot atomic.Pointer[counts]

	mu      sync.Mutex
	own     table // what this process changed since the collection was last counted
	dirty   [tableSlices]bool
	changed time.Time // when own last changed; zero: it is stored
	base    string    // the count that own adds to
	others  table     // the sum of the stored tables of other processes
	merged  bool      // the snapshot has all of own
}

// tableSlices is into how many points a table is cut.
const tableSlices = 64

func sliceOf(dimension uint32) int { return int(dimension >> 26) }

// table is term counts, and passages.
type table struct {
	passages int64
	terms    map[uint32]int64
}

func newTable() table { return table{terms: map[uint32]int64{}} }

// counts is a snapshot: dimensions rising, counts beside them.
type counts struct {
	passages   int
	dimensions []uint32
	n          []uint32
}

func (c *counts) Passages() int { return c.passages }

func (c *counts) Frequency(dimension uint32) int {
	if i, held := slices.BinarySearch(c.dimensions, dimension); held {
		return int(c.n[i])
	}
	return 0
}

func newVocabulary(s *Store) *vocabulary {
	v := &vocabulary{store: s, id: fmt.Sprintf("%d-%d", time.Now().UnixMicro(), s.clock.writer), own: newTable(), others: newTable(), merged: true}
	v.snapshot.Store(&counts{})
	return v
}

// Vocabulary returns the newest snapshot; what this process itself wrote is in
// it at once.
func (s *Store) Vocabulary(ctx context.Context) (store.Vocabulary, error) {
	if s.closed.Load() {
		return nil, errClosed
	}
	return s.vocabulary.current(), ctx.Err()
}

func (v *vocabulary) terms() int { return len(v.current().dimensions) }

func (v *vocabulary) current() *counts {
	v.mu.Lock()
	defer v.mu.Unlock()
	if !v.merged {
		v.merge()
	}
	return v.snapshot.Load()
}

// merge makes the snapshot anew; the lock is held.
func (v *vocabulary) merge() {
	sum := make(map[uint32]int64, len(v.others.terms)+len(v.own.terms))
	for d, n := range v.others.terms {
		sum[d] += n
	}
	for d, n := range v.own.terms {
		sum[d] += n
	}
	c := &counts{passages: int(max(v.others.passages+v.own.passages, 0)), dimensions: make([]uint32, 0, len(sum))}
	for d, n := range sum {
		if n > 0 {
			c.dimensions = append(c.dimensions, d)
		}
	}
	slices.Sort(c.dimensions)
	c.n = make([]uint32, len(c.dimensions))
	for i, d := range c.dimensions {
		c.n[i] = uint32(sum[d])
	}
	v.snapshot.Store(c)
	v.merged = true
}

// replaced takes away the terms of the passages that went and adds those of the
// ones that came.
func (v *vocabulary) replaced(went []corpus.Sparse, came []store.Point) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, s := range went {
		v.add(s, -1)
	}
	for i := range came {
		v.add(came[i].Sparse, 1)
	}
	v.own.passages += int64(len(came) - len(went))
	if v.changed.IsZero() {
		v.changed = time.Now()
	}
	v.merged = false
}

func (v *vocabulary) add(s corpus.Sparse, n int64) {
	for _, d := range s.Dimensions {
		v.own.terms[d] += n
		v.dirty[sliceOf(d)] = true
	}
}

// termsOf reads the terms of the passages that the manifests hold, by document.
func (s *Store) termsOf(ctx context.Context, collection string, held map[corpus.ChunkID]*manifest) (map[corpus.ChunkID][]corpus.Sparse, error) {
	var ids []corpus.ChunkID
	for _, m := range held {
		if !m.deleted {
			for i := range m.chunks {
				ids = append(ids, corpus.NewChunkID(m.documentID, m.revision, i))
			}
		}
	}
	terms := make(map[corpus.ChunkID][]corpus.Sparse, len(held))
	for len(ids) > 0 {
		n := min(len(ids), readBatch)
		points, err := s.get(ctx, collection, pointIDs(ids[:n]), sdk.NewWithPayload(false), sdk.NewWithVectorsInclude(lexicalVector))
		if err != nil {
			return nil, err
		}
		for _, p := range points {
			id, err := chunkID(p.GetId())
			if err != nil {
				return nil, err
			}
			terms[id.Document()] = append(terms[id.Document()], lexicalOf(p))
		}
		ids = ids[n:]
	}
	return terms, nil
}

func lexicalOf(p *sdk.RetrievedPoint) corpus.Sparse {
	v := p.GetVectors().GetVectors().GetVectors()[lexicalVector].GetSparseVector()
	return corpus.Sparse{Dimensions: v.GetIndices(), Weights: v.GetValues()}
}

// run reads the tables of others, and stores this process's own while it
// changes, until the context ends. What stays far off from one look to the next
// is counted anew: within one, a writer may just be at work.
func (v *vocabulary) run(ctx context.Context) {
	refresh := time.NewTicker(v.store.options.RefreshVocabulary)
	store := time.NewTicker(min(flushEvery, v.store.options.RefreshVocabulary))
	defer refresh.Stop()
	defer store.Stop()
	was := false
	for {
		var err error
		select {
		case <-ctx.Done():
			return
		case <-store.C:
			err = v.flush(ctx)
		case <-refresh.C:
			var off bool
			if off, err = v.refresh(ctx); err == nil && off && was {
				v.store.options.Log.Info("term counts are off and are counted anew")
				off, err = false, v.recount(ctx)
			}
			was = off
		}
		if err != nil && ctx.Err() == nil {
			v.store.options.Log.Warn("term counts could not be kept up", "error", err)
		}
	}
}

// flushEvery is how much of its own counting a killed process can lose.
const flushEvery = 5 * time.Second

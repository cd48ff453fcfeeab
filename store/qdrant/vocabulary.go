package qdrant

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	sdk "github.com/qdrant/go-client/qdrant"

	"dalil/corpus"
	"dalil/store"
)

// vocabulary counts how many passages of one tenant contain each term. Each writing process keeps
// a table of the terms that it added and removed, and stores it in the collection
// in slices. The sum of all tables is the vocabulary. It is read every minute and
// kept in memory. A killed process loses the counts that it had not stored yet. If
// the sum is far from the number of passages, everything is counted again.
type vocabulary struct {
	store    *Store
	tenant   string
	id       string // of this process's table
	snapshot atomic.Pointer[counts]
	merging  sync.Mutex   // held while a snapshot is made
	writers  atomic.Int64 // the number of other writers' tables when they were read last
	used     atomic.Bool  // since the tables were read last
	off      bool         // the sum was far from the number of passages; only run reads it

	loading sync.Mutex
	loaded  bool // the tables of other writers were read

	mu      sync.Mutex
	own     *table // the changes of this process since the collection was last counted
	dirty   []bool // by slice
	changed bool   // own has changes that are not stored yet
	base    string // the count that own adds to
	others  *table // the sum of the stored tables of other processes
	merged  bool   // the snapshot includes all of own, or the one that is being made does
	making  bool   // a snapshot is being made
}

// The number of points that a table is divided into. Readers and writers can wait for
// work on one of them. There may be many named tenants, most of them small.
const (
	tableSlices  = 64
	tenantSlices = 4
)

func slicesOf(tenant string) int {
	if tenant == "" {
		return tableSlices
	}
	return tenantSlices
}

// table has counts of terms, and the number of passages.
type table struct {
	passages int64
	slices   []map[uint32]int64
}

func newTable(parts int) *table {
	t := &table{slices: make([]map[uint32]int64, parts)}
	for i := range t.slices {
		t.slices[i] = map[uint32]int64{}
	}
	return t
}

// sliceOf returns the slice of a dimension: slices have ranges of equal length.
func (t *table) sliceOf(dimension uint32) int {
	return int(uint64(dimension) * uint64(len(t.slices)) >> 32)
}

func (t *table) add(dimension uint32, n int64) { t.slices[t.sliceOf(dimension)][dimension] += n }

// counts is a snapshot: dimensions in ascending order, with their counts.
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

func newVocabulary(s *Store, tenant string) *vocabulary {
	parts := slicesOf(tenant)
	v := &vocabulary{
		store: s, tenant: tenant, id: fmt.Sprintf("%d-%d", time.Now().UnixMicro(), s.clock.writer),
		own: newTable(parts), others: newTable(parts), dirty: make([]bool, parts), merged: true,
	}
	v.snapshot.Store(&counts{})
	return v
}

// terms returns the number of terms in the last snapshot.
func (v *vocabulary) terms() int { return len(v.snapshot.Load().dimensions) }

// atOnce is the number of terms up to which a reader waits for a new snapshot, for
// a few milliseconds. A larger snapshot is made in the background every few
// seconds.
const atOnce = 1 << 14

func (v *vocabulary) current() *counts {
	v.mu.Lock()
	fresh := v.merged && !v.making || v.terms() > atOnce
	v.mu.Unlock()
	if !fresh {
		v.merge()
	}
	return v.snapshot.Load()
}

// merge builds the snapshot slice by slice, so that a write waits for at most one
// slice. The slices are in the order of their dimensions.
func (v *vocabulary) merge() {
	v.merging.Lock()
	defer v.merging.Unlock()
	v.mu.Lock()
	v.merged, v.making = true, true // a later write sets merged to false again
	c := &counts{passages: int(max(v.others.passages+v.own.passages, 0))}
	v.mu.Unlock()
	for slice := range v.dirty {
		v.mu.Lock()
		sum := maps.Clone(v.others.slices[slice])
		for d, n := range v.own.slices[slice] {
			sum[d] += n
		}
		v.mu.Unlock()
		for _, d := range slices.Sorted(maps.Keys(sum)) {
			if n := sum[d]; n > 0 {
				c.dimensions, c.n = append(c.dimensions, d), append(c.n, uint32(n))
			}
		}
	}
	v.snapshot.Store(c)
	v.mu.Lock()
	v.making = false
	v.mu.Unlock()
}

// mergeLate makes a snapshot that no reader waits for.
func (v *vocabulary) mergeLate() {
	v.mu.Lock()
	merged := v.merged
	v.mu.Unlock()
	if !merged {
		v.merge()
	}
}

// replaced subtracts the terms of removed passages and adds those of new ones.
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
	v.changed, v.merged = true, false
}

func (v *vocabulary) add(s corpus.Sparse, n int64) {
	for _, d := range s.Dimensions {
		v.own.add(d, n)
		v.dirty[v.own.sliceOf(d)] = true
	}
}

// termsOf reads the terms of the passages that the manifests name, by document.
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
		points, err := s.get(ctx, s.reading(), collection, pointIDs(ids[:n]), sdk.NewWithPayload(false), sdk.NewWithVectorsInclude(lexicalVector))
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

package local

import (
	"bytes"
	"math"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"dalil/corpus"
)

// view is a segment with the set of documents that were deleted from it. Views
// never change: a write makes new ones.
type view struct {
	*segment
	dead      bitmap // documents; nil: all live
	passages  int    // that live
	documents int
	counted   *counts // nil where all live
	parts     *tenantParts
}

func newView(s *segment) view {
	return view{segment: s, passages: len(s.ids), documents: len(s.keys), parts: &tenantParts{}}
}

// without returns a view in which the documents are deleted. They must not be deleted already.
func (v view) without(documents ...uint32) view {
	if v.dead == nil {
		v.dead = newBitmap(len(v.keys))
	} else {
		v.dead = v.dead.clone()
	}
	for _, d := range documents {
		v.dead.set(d)
		v.documents--
		v.passages -= int(v.firsts[d+1] - v.firsts[d])
	}
	v.counted, v.parts = &counts{}, &tenantParts{}
	return v
}

// frequencyOf returns how many passages that are not deleted have a dimension, whose
// postings are given.
func (v *view) frequencyOf(dimension uint32, postings span) int {
	if v.dead == nil || postings.from == postings.to {
		return int(postings.to - postings.from)
	}
	return v.counted.of(dimension, func() int {
		return counting(int(postings.to-postings.from), func() int { return v.living(postings.from, postings.to) })
	})
}

// living counts the postings in [from, to) whose passages are not deleted.
func (v *view) living(from, to uint32) int {
	n := 0
	for _, row := range v.segment.rows[from:to] {
		if !v.dead.has(v.owners[row]) {
			n++
		}
	}
	return n
}

// counts caches the frequencies of one view.
type counts struct{ held sync.Map }

func (c *counts) of(dimension uint32, count func() int) int {
	if n, held := c.held.Load(dimension); held {
		return n.(int)
	}
	n := count()
	c.held.Store(dimension, n)
	return n
}

// snapshot is one state of the whole index. A call uses one snapshot from beginning
// to end. Views are in the order of their keys.
type snapshot struct {
	views     []view
	known     *known // has all dimensions of the views
	passages  int
	documents int
	updated   int64        // Unix microseconds of the newest write
	distinct  atomic.Int64 // 1 + the number of dimensions; 0: not counted yet
}

func newSnapshot(views []view, updated int64) *snapshot {
	s := &snapshot{updated: updated}
	for _, v := range views {
		if v.documents == 0 {
			continue // all its documents are deleted
		}
		s.views = append(s.views, v)
		s.passages += v.passages
		s.documents += v.documents
	}
	return s
}

// show makes views visible to searches, in one step. Only one goroutine at a time calls it.
func (s *Store) show(views []view, updated int64) {
	now, next := s.state.Load(), newSnapshot(views, updated)
	if now != nil {
		next.known = now.known
	}
	for i := range next.views {
		if next.known == nil || next.known.full() {
			next.known = newKnown(next.views)
			break
		}
		if segment := next.views[i].segment; !slices.ContainsFunc(now.views, func(v view) bool { return v.segment == segment }) {
			next.known.add(segment)
		}
	}
	s.state.Store(next)
}

// place identifies a passage that is not deleted.
type place struct {
	view     *view
	row      uint32
	document uint32
}

func (s *snapshot) find(id corpus.ChunkID) (place, bool) {
	for i := len(s.views) - 1; i >= 0; i-- {
		v := &s.views[i]
		if row, found := v.row(id); found && !v.dead.has(v.owners[row]) {
			return place{v, row, v.owners[row]}, true
		}
	}
	return place{}, false
}

// touch reads where find will look for ids. Nothing in it depends on what it reads, so that
// the processor waits for many places in memory at once.
func (s *snapshot) touch(ids []corpus.ChunkID) {
	var touched uint32
	for i := range s.views {
		v := &s.views[i]
		mask := uint32(len(v.table) - 1)
		for _, id := range ids {
			row := v.table[idHash(id)&mask]
			if row--; row < uint32(len(v.ids)) {
				d := v.owners[row]
				touched += uint32(v.ids[row][0]) + uint32(v.keys[d]) + v.firsts[d]
			}
		}
	}
	runtime.KeepAlive(touched)
}

// locate returns the view that may have a key.
func locate(views []view, key int64) (int, bool) {
	return slices.BinarySearchFunc(views, key, func(v view, key int64) int {
		switch {
		case v.last() < key:
			return -1
		case v.keys[0] > key:
			return 1
		}
		return 0
	})
}

// without returns views in which the keys are deleted. It ignores keys that do not
// exist.
func without(views []view, keys []int64) []view {
	views = slices.Clone(views)
	gone := map[int][]uint32{}
	for _, key := range keys {
		at, found := locate(views, key)
		if !found {
			continue
		}
		if d, held := views[at].document(key); held && !views[at].dead.has(d) && !slices.Contains(gone[at], d) {
			gone[at] = append(gone[at], d)
		}
	}
	for at, documents := range gone {
		views[at] = views[at].without(documents...)
	}
	return views
}

// Frequency, Frequencies and Passages make a snapshot a vocabulary.
func (s *snapshot) Frequency(dimension uint32) int {
	var n [1]int
	s.Frequencies([]uint32{dimension}, n[:])
	return n[0]
}

func (s *snapshot) Passages() int { return s.passages }

// terms counts the distinct dimensions of passages that are not deleted.
func (s *snapshot) terms() int {
	if n := s.distinct.Load(); n > 0 {
		return int(n - 1)
	}
	n := int64(0)
	whole := estimate(func() {
		eachDimension(s.views, func(_ uint32, spans []span) {
			for i, p := range spans {
				if p.from < p.to && (s.views[i].dead == nil || s.views[i].living(p.from, p.to) > 0) {
					n++
					return
				}
			}
		})
	})
	if !whole {
		return int(n)
	}
	s.distinct.Store(n + 1)
	return int(n)
}

// languages counts documents that are not deleted, by language.
func (s *snapshot) languages() map[string]int {
	counts := map[string]int{}
	left := s.documents
	for i := range s.views {
		v := &s.views[i]
		v.eachValue([]byte{byte(corpus.FieldLanguage)}, func(value []byte, documents []uint32) {
			for _, d := range documents {
				if !v.dead.has(d) {
					counts[string(value)]++
					left--
				}
			}
		})
	}
	if left > 0 {
		counts[""] = left
	}
	return counts
}

// span says where the postings of a dimension are in one view.
type span struct{ from, to uint32 }

// eachDimension visits the dimensions of all views in ascending order, with their
// spans by view. A span is empty if the view does not have the dimension. The spans
// are reused.
func eachDimension(views []view, do func(dimension uint32, spans []span)) {
	const none = math.MaxUint32 + 1
	at := make([]int, len(views))
	spans := make([]span, len(views))
	heads := make([]uint64, len(views)) // the next dimension of each view
	next := func(i int) {
		if heads[i] = none; at[i] < len(views[i].dimensions) {
			heads[i] = uint64(views[i].dimensions[at[i]])
		}
	}
	for i := range views {
		next(i)
	}
	for {
		least := uint64(none)
		for _, head := range heads {
			least = min(least, head)
		}
		if least == none {
			return
		}
		for i, head := range heads {
			if spans[i] = (span{}); head == least {
				spans[i] = span{views[i].starts[at[i]], views[i].starts[at[i]+1]}
				at[i]++
				next(i)
			}
		}
		do(uint32(least), spans)
	}
}

// eachTermOf visits the terms of all views in byte order, with their places by
// view. A place is -1 if the view does not have the term. The places are reused.
func eachTermOf(views []view, do func(term []byte, places []int)) {
	at, places := make([]int, len(views)), make([]int, len(views))
	for {
		var least []byte
		some := false
		for i := range views {
			if at[i] < views[i].terms() {
				if t := views[i].term(at[i]); !some || bytes.Compare(t, least) < 0 {
					least, some = t, true
				}
			}
		}
		if !some {
			return
		}
		for i := range views {
			places[i] = -1
			if at[i] < views[i].terms() && bytes.Equal(views[i].term(at[i]), least) {
				places[i] = at[i]
				at[i]++
			}
		}
		do(least, places)
	}
}

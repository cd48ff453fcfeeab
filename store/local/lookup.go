package local

import (
	"math/bits"
	"runtime"
	"sync/atomic"

	"dalil/store"
)

// Most of the dimensions that a question looks up are in no passage: they are endings that
// a word could have. One bit is read for these, for all segments together. The others are
// looked up in groups, because the processor then waits for many places in memory at the
// same time.

// known is a set of dimensions by their upper bits: one that is not in the set is in no
// segment. Dimensions are added before the segment that has them is visible, and none is
// removed. Any number of goroutines may read it while one adds.
type known struct {
	words []atomic.Uint64
	shift int // of a dimension to its bit
	held  int // bits that are set; of the goroutine that adds
}

// knownBits is how many bits there are for each dimension when the set is made.
const knownBits = 8

func newKnown(views []view) *known {
	most := 0
	for i := range views {
		most += len(views[i].dimensions)
	}
	log := max(bits.Len(uint(knownBits*most)), 16)
	k := &known{words: make([]atomic.Uint64, 1<<(min(log, 32)-6)), shift: 32 - min(log, 32)}
	for i := range views {
		k.add(views[i].segment)
	}
	return k
}

// add adds the dimensions of a segment.
func (k *known) add(s *segment) {
	for _, d := range s.dimensions {
		at := d >> k.shift
		word, bit := &k.words[at>>6], uint64(1)<<(at&63)
		if word.Load()&bit == 0 {
			word.Or(bit)
			k.held++
		}
	}
}

// full reports whether a larger set would be better.
func (k *known) full() bool { return k.shift > 0 && 4*k.held > 64*len(k.words) }

// may returns 0 for a dimension that is in no segment, otherwise 1.
func (k *known) may(dimension uint32) uint64 {
	at := dimension >> k.shift
	return k.words[at>>6].Load() >> (at & 63) & 1
}

// lookUpGroup is how many dimensions are looked up together.
const lookUpGroup = 64

// spans sets where the postings of dimensions are, at most lookUpGroup of them. The span of
// a dimension that the segment does not have is empty.
func (s *segment) spans(dimensions []uint32, out []span) {
	var low, high [lookUpGroup]uint32
	shift := s.bucketShift()
	for i, d := range dimensions {
		bucket := s.buckets[d>>shift:]
		low[i], high[i] = bucket[0], bucket[1]
	}
	// Nothing in this loop depends on what it reads, so that the processor waits for all of it
	// at once. The loops behind it have branches that it cannot foresee.
	var touched uint32
	for _, at := range low[:len(dimensions)] {
		if at < uint32(len(s.dimensions)) {
			touched |= s.dimensions[at] | s.starts[at]
		}
	}
	runtime.KeepAlive(touched)
	for i, d := range dimensions {
		bucket := s.dimensions[low[i]:high[i]]
		at := 0
		for _, other := range bucket {
			if other < d {
				at++
			}
		}
		if at == len(bucket) || bucket[at] != d {
			low[i] = high[i]
			continue
		}
		low[i] += uint32(at)
	}
	for i := range dimensions {
		if out[i] = (span{}); low[i] < high[i] {
			out[i] = span{s.starts[low[i]], s.starts[low[i]+1]}
		}
	}
}

// lookUps are some dimensions of a question that may be in a segment, with their places in
// the question.
type lookUps struct {
	dimensions [lookUpGroup]uint32
	places     [lookUpGroup]int
}

// take takes the next dimensions from a list, and returns how many there are, and where
// the list goes on.
func (g *lookUps) take(k *known, list []uint32, from int) (n, next int) {
	next = min(from+lookUpGroup, len(list))
	for i, d := range list[from:next] {
		g.dimensions[n], g.places[n] = d, from+i
		n += int(k.may(d))
	}
	return n, next
}

// Frequencies sets how many passages have each of the dimensions.
func (s *snapshot) Frequencies(dimensions []uint32, frequencies []int) {
	defer runtime.KeepAlive(s) // see Search
	clear(frequencies)
	if s.known == nil { // an empty index
		return
	}
	var g lookUps
	var spans [lookUpGroup]span
	for n, next := 0, 0; next < len(dimensions); {
		n, next = g.take(s.known, dimensions, next)
		for i := range s.views {
			v := &s.views[i]
			v.spans(g.dimensions[:n], spans[:])
			for j, d := range g.dimensions[:n] {
				frequencies[g.places[j]] += v.frequencyOf(d, spans[j])
			}
		}
	}
}

// Frequencies sets how many of the tenant's passages have each of the dimensions.
func (t *ofTenant) Frequencies(dimensions []uint32, frequencies []int) {
	defer runtime.KeepAlive(t)
	clear(frequencies)
	if t.known == nil {
		return
	}
	var g lookUps
	var spans [lookUpGroup]span
	for n, next := 0, 0; next < len(dimensions); {
		n, next = g.take(t.known, dimensions, next)
		for _, p := range t.parts {
			p.view.spans(g.dimensions[:n], spans[:])
			for j, d := range g.dimensions[:n] {
				frequencies[g.places[j]] += p.frequencyOf(d, spans[j])
			}
		}
	}
}

var (
	_ store.BatchVocabulary = (*snapshot)(nil)
	_ store.BatchVocabulary = (*ofTenant)(nil)
)

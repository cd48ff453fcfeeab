package local

import (
	"bytes"
	"math"
	"slices"

	"dalil/corpus"
)

// sortedInRoom is how many candidates are sorted without memory of the heap.
const sortedInRoom = 256

// sort sorts candidates in descending order of score; equal scores are ordered by id. It
// sorts numbers that have the score above the place, which takes a third of the time of
// sorting the candidates themselves.
func (s *snapshot) sort(all []candidate) {
	var keysRoom [sortedInRoom]uint64 // nearly always enough, and not on the heap
	var room [sortedInRoom]candidate
	keys := keysRoom[:0]
	for i, c := range all {
		keys = append(keys, uint64(^ascending(c.score))<<32|uint64(i))
	}
	slices.Sort(keys)
	unsorted := append(room[:0], all...)
	for i, key := range keys {
		all[i] = unsorted[uint32(key)]
	}
	for from := 0; from < len(all); {
		to := from + 1
		for to < len(all) && all[to].score == all[from].score {
			to++
		}
		if to-from > 1 {
			slices.SortFunc(all[from:to], func(x, y candidate) int {
				return s.views[x.view].ids[x.row].Compare(s.views[y.view].ids[y.row])
			})
		}
		from = to
	}
}

// ties keeps candidates with equal scores: the first n by id, and a few more. Where many passages
// are alike, sorting all of them would take much longer than the search.
type ties struct {
	*snapshot
	n     int
	items []candidate
	last  *corpus.ChunkID // of the first n of those that were added; nil: there are fewer
}

// tiesTogether is how many more candidates than n are sorted at a time, at least.
const tiesTogether = 64

func (t *ties) id(c candidate) *corpus.ChunkID { return &t.views[c.view].ids[c.row] }

func (t *ties) add(c candidate) {
	if t.last != nil && bytes.Compare(t.id(c)[:], t.last[:]) > 0 {
		return
	}
	if t.items = append(t.items, c); len(t.items) >= 2*t.n+tiesTogether {
		slices.SortFunc(t.items, func(x, y candidate) int { return t.id(x).Compare(*t.id(y)) })
		t.items = t.items[:t.n]
		t.last = t.id(t.items[t.n-1])
	}
}

// ascending returns a number that is greater for a greater score, and equal for equal ones.
func ascending(score float32) uint32 {
	bits := math.Float32bits(score + 0) // -0 becomes 0
	if bits>>31 == 1 {
		return ^bits
	}
	return bits | 1<<31
}

package local

import (
	"math"
	"math/bits"
	"slices"
)

// others scores what only other arms found, if the arm asks for it: best has what each arm
// found, and this arm is the one at the given place.
func (a *armSearch) others(best [][]candidate, at int) []candidate {
	if !a.arm.Union || a.filter == nil {
		return nil
	}
	most := 0
	for i := range best {
		most += len(best[i])
	}
	var places [4 * sortedInRoom]uint64 // nearly always enough, and not on the heap
	held := newKeySet(places[:], most)
	for _, c := range best[at] {
		held.add(c.key())
	}
	var room [sortedInRoom]uint64
	keys := room[:0]
	for i := range best {
		if i == at {
			continue
		}
		for _, c := range best[i] {
			if key := c.key(); held.add(key) {
				keys = append(keys, key)
			}
		}
	}
	slices.Sort(keys)
	least := float32(math.Inf(-1))
	if a.arm.Min != nil {
		least = *a.arm.Min
	}
	all := make([]candidate, 0, len(keys))
	rows := make([]uint32, 0, len(keys))
	for len(keys) > 0 {
		view := keys[0] >> 32
		rows = rows[:0]
		for len(keys) > 0 && keys[0]>>32 == view {
			rows, keys = append(rows, uint32(keys[0])), keys[1:]
		}
		for _, item := range a.score(int(view), rows) {
			if item.score >= least {
				all = append(all, candidate{uint32(view), item.row, item.score})
			}
		}
	}
	a.state.sort(all)
	return all
}

// keySet is a set of keys of candidates: a table with at least twice as many places as keys.
// A key is at the place that its hash names, or behind it where others are in the way.
type keySet struct {
	places []uint64 // the key + 1; 0: no key
	shift  int      // of a hash to a place
}

// newKeySet returns an empty set for n keys, in the given room of zeros if that is enough.
func newKeySet(room []uint64, n int) keySet {
	log := bits.Len(uint(2 * n))
	if 1<<log > len(room) {
		room = make([]uint64, 1<<log)
	}
	return keySet{room[:1<<log], 64 - log}
}

// add adds a key, and reports whether the set did not have it.
func (s keySet) add(key uint64) bool {
	const golden = 0x9e3779b97f4a7c15 // 2⁶⁴ divided by the golden ratio (Knuth, volume 3, 6.4)
	for at := key * golden >> s.shift; ; at = (at + 1) & uint64(len(s.places)-1) {
		switch s.places[at] {
		case 0:
			s.places[at] = key + 1
			return true
		case key + 1:
			return false
		}
	}
}

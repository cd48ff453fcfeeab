package local

import (
	"math"
	"slices"
)

// others scores what only other arms found, if the arm asks for it: best has what each arm
// found, and this arm is the one at the given place.
func (a *armSearch) others(best [][]candidate, at int) []candidate {
	if !a.arm.Union || a.filter == nil {
		return nil
	}
	var room, ownRoom [256]uint64 // nearly always enough, and not on the heap
	keys, own := room[:0], keysOf(ownRoom[:0], best[at])
	for i := range best {
		if i != at {
			keys = keysOf(keys, best[i])
		}
	}
	keys = difference(slices.Compact(keys), own)
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

// keysOf adds the keys of candidates to some, and returns all in ascending order.
func keysOf(some []uint64, list []candidate) []uint64 {
	for _, c := range list {
		some = append(some, c.key())
	}
	slices.Sort(some)
	return some
}

// difference removes what is in others from keys. Both are in ascending order.
func difference(keys, others []uint64) []uint64 {
	kept := keys[:0]
	for _, key := range keys {
		for len(others) > 0 && others[0] < key {
			others = others[1:]
		}
		if len(others) == 0 || others[0] != key {
			kept = append(kept, key)
		}
	}
	return kept
}

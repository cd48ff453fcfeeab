package local

import (
	"math"
	"slices"
)

// sort sorts candidates in descending order of score; equal scores are ordered by id. It
// sorts numbers that have the score above the place, which takes a third of the time of
// sorting the candidates themselves.
func (s *snapshot) sort(all []candidate) {
	keys := make([]uint64, len(all))
	for i, c := range all {
		keys[i] = uint64(^ascending(c.score))<<32 | uint64(i)
	}
	slices.Sort(keys)
	unsorted := slices.Clone(all)
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

// ascending returns a number that is greater for a greater score, and equal for equal ones.
func ascending(score float32) uint32 {
	bits := math.Float32bits(score + 0) // -0 becomes 0
	if bits>>31 == 1 {
		return ^bits
	}
	return bits | 1<<31
}

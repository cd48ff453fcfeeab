package local

import (
	"math"
	"math/bits"
	"slices"
)

// keptShare is the share of matching documents below which only the sums of their rows are
// computed. Then most postings are read and skipped, which is faster than to add them.
const keptShare = 0.25

// longList is the number of postings from which on the first and the last one that may
// count are looked up.
const longList = 256

// takeKept adds the contributions of all dimensions to the rows that may be found, and
// returns those of them that have a sum. All contributions are above 0.
func (s *sums) takeKept(p *passing, terms []asked, best *top) {
	v := p.view
	first, last := s.markKept(p)
	if first > last { // the documents have no passages
		return
	}
	s.addMarked(v, terms, first, last)
	least := max(best.least, math.SmallestNonzeroFloat32)
	best.least = least
	for i, word := range s.seen[:(len(v.ids)+63)/64] {
		for s.seen[i] = 0; word != 0; word &= word - 1 {
			row := uint32(i<<6 | bits.TrailingZeros64(word))
			if score := s.scores[row]; score >= best.least {
				best.add(scored{row, score})
			}
		}
	}
}

// takeNamed adds the contributions of all dimensions to rows, of which there is at least one and
// which are in ascending order, and returns those of them that have a sum. All contributions
// are above 0.
func (s *sums) takeNamed(v *view, terms []asked, rows []uint32) []scored {
	for _, row := range rows {
		s.seen[row>>6] |= 1 << (row & 63)
	}
	s.addMarked(v, terms, uint16(rows[0]), uint16(rows[len(rows)-1]))
	found := make([]scored, 0, len(rows))
	for _, row := range rows {
		s.seen[row>>6] = 0
		if score := s.scores[row]; score > 0 {
			found = append(found, scored{row, score})
		}
	}
	return found
}

// addMarked adds the contributions of all dimensions to the marked rows, which are from first
// to last. The order of additions is that of [sums.add].
func (s *sums) addMarked(v *view, terms []asked, first, last uint16) {
	for _, t := range terms {
		rows, codes, weights := v.segment.rows[t.from:t.to], v.codes, v.weights
		if len(rows) >= longList {
			low, _ := slices.BinarySearch(rows, first)
			high, held := slices.BinarySearch(rows, last)
			if held {
				high++
			}
			rows = rows[low:high]
			t.from += uint32(low)
		}
		if len(codes) == 0 {
			weights = weights[t.from:]
		} else {
			codes = codes[t.from:]
		}
		for i, row := range rows {
			if s.seen[row>>6]>>(row&63)&1 == 0 {
				continue
			}
			if len(codes) == 0 {
				s.scores[row] += t.weight * weights[i]
			} else {
				s.scores[row] += t.weight * weights[codes[i]]
			}
		}
	}
}

// markKept marks the rows that may be found, and returns the first and the last of them.
func (s *sums) markKept(p *passing) (first, last uint16) {
	v := p.view
	first = math.MaxUint16
	p.kept.runs(uint32(len(v.keys)), func(from, to uint32) {
		for row := v.firsts[from]; row < v.firsts[to]; row++ {
			s.seen[row>>6] |= 1 << (row & 63)
			first, last = min(first, uint16(row)), max(last, uint16(row))
		}
	})
	return first, last
}

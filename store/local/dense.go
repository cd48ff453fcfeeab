package local

import (
	"slices"

	"dalil/store"
	"dalil/vector"
)

// scanBlock is how many rows one call of the kernel processes. Their products stay
// in the first-level cache.
const scanBlock = 512

// dense finds the rows of a view with the highest cosine. It scans four bits of each
// element, scores the best of these rows with eight, and those that may be among the
// best with all bits. An exact search begins with eight bits.
func dense(v *view, p *passing, arm *store.ArmQuery, q *question, tops *topPool) *top {
	p.ready()
	best := tops.get(arm.Limit, q.margin(v.coarse, arm.Exact)/q.unit())
	if arm.Min != nil {
		best.least = (*arm.Min - q.margin(v.coarse, true)) / q.unit()
	}
	keep := max(roughLeast, roughFactor*arm.Limit)
	if arm.Exact || p.rows() < roughRowsFrom*keep {
		p.runs(func(from, to uint32) { q.scan(v, p, best, from, to) })
	} else {
		rough := tops.get(keep, 0)
		if arm.Min != nil {
			rough.least = (*arm.Min - q.roughMargin()) / q.roughUnit()
		}
		least := rough.least
		rough.least = max(least, q.seed(v, p, keep))
		p.runs(func(from, to uint32) { q.rough(v, p, rough, from, to) })
		if len(rough.items) < keep && rough.least > least { // the seed was too high
			rough.reset(keep, 0)
			rough.least = least
			p.runs(func(from, to uint32) { q.rough(v, p, rough, from, to) })
		}
		rough.cut()
		q.again(v, rough.items, best)
		tops.put(rough)
	}
	best.cut()
	inOrder(best.items)
	for i := range best.items {
		best.items[i].score = q.cosine(v.segment, best.items[i].row)
	}
	return best
}

// again scores rows with eight bits and adds those that may be among the best.
func (q *question) again(v *view, items []scored, best *top) {
	var at [scanBlock]uint32
	var products [scanBlock]int32
	for len(items) > 0 {
		some := items[:min(len(items), scanBlock)]
		items = items[len(some):]
		for i := range some {
			at[i] = some[i].row
		}
		vector.DotInt8At(q.high, v.high, at[:len(some)], products[:len(some)])
		for i := range some {
			if score := float32(products[i]) * v.scales[at[i]]; score >= best.least {
				best.add(scored{at[i], score})
			}
		}
	}
}

// inOrder sorts items by row, so that memory is read sequentially.
func inOrder(items []scored) {
	slices.SortFunc(items, func(a, b scored) int { return int(a.row) - int(b.row) })
}

// unit returns the factor that the scan leaves out because it is the same for every row.
func (q *question) unit() float32 {
	if q.step == 0 {
		return 1
	}
	return 256 * q.step
}

func (q *question) scan(v *view, p *passing, best *top, from, to uint32) {
	var products [scanBlock]int32
	for ; from < to; from += scanBlock {
		n := min(scanBlock, to-from)
		vector.DotInt8Rows(q.high, v.high[int(from)*v.stride:int(from+n)*v.stride], products[:n])
		scales := v.scales[from : from+n]
		least := best.least
		for i, product := range products[:n] {
			score := float32(product) * scales[i]
			if score >= least && p.row(from+uint32(i)) {
				best.add(scored{from + uint32(i), score})
				least = best.least
			}
		}
	}
}

// denseOnly scores those rows of a view that the arm names.
func denseOnly(v *view, p *passing, q *question, rows []uint32) []scored {
	p.ready()
	var found []scored
	for _, row := range rows {
		if p.row(row) {
			found = append(found, scored{row, q.cosine(v.segment, row)})
		}
	}
	return found
}

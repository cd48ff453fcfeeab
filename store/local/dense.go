package local

import (
	"slices"
	"time"

	"dalil/store"
	"dalil/vector"
)

// scanBlock is how many rows one call of the kernel processes. Their products stay
// in the first-level cache.
const scanBlock = 512

// passing describes which rows of a view an arm may find.
type passing struct {
	view  *view
	kept  bitmap // the documents that may be found; valid if some is set
	some  bool   // some documents are left out: by a filter, because they are deleted, or because they are hidden
	share float64
}

func newPassing(v *view, arm *store.ArmQuery, now time.Time) passing {
	p := passing{view: v, share: 1}
	hidden, all := v.hidden(now), v.keepsAll(&arm.Filter)
	if all {
		if v.dead == nil && hidden == nil {
			return p
		}
		p.some, p.kept = true, newBitmap(len(v.keys))
		fill(p.kept)
	} else {
		p.some, p.kept = true, v.matching(&arm.Filter)
	}
	for i, word := range v.dead {
		p.kept[i] &^= word
	}
	for i, word := range hidden {
		p.kept[i] &^= word
	}
	if all {
		return p
	}
	p.share = float64(p.kept.count(len(v.keys))) / float64(len(v.keys))
	return p
}

func (p *passing) row(row uint32) bool { return !p.some || p.kept.has(p.view.owners[row]) }

// rows returns the rows that may be found, or false if they are many.
func (p *passing) rows() (rows []uint32, few bool) {
	if !p.some || p.share >= fewShare {
		return nil, false
	}
	v := p.view
	p.kept.runs(uint32(len(v.keys)), func(from, to uint32) {
		for row := v.firsts[from]; row < v.firsts[to]; row++ {
			rows = append(rows, row)
		}
	})
	return rows, true
}

// fewShare is the share of matching documents below which postings are looked up for
// their rows.
const fewShare = 1.0 / 16

// sparseShare is the share of matching documents below which only their rows are
// scanned.
const sparseShare = 0.25

// dense finds the rows of a view with the highest cosine. It scans the upper bytes,
// and scores the rows that may be among the best with all bits.
func dense(v *view, arm *store.ArmQuery, q *question, now time.Time) []scored {
	p := newPassing(v, arm, now)
	best := newTop(arm.Limit, q.margin(v.coarse, arm.Exact)/q.unit())
	if arm.Min != nil {
		best.least = (*arm.Min - q.margin(v.coarse, true)) / q.unit()
	}
	if p.some && p.share < sparseShare {
		p.kept.runs(uint32(len(v.keys)), func(from, to uint32) { q.scan(v, &p, best, v.firsts[from], v.firsts[to]) })
	} else {
		q.scan(v, &p, best, 0, uint32(len(v.ids)))
	}
	best.cut()
	// In the order of rows, so that memory is read sequentially.
	slices.SortFunc(best.items, func(a, b scored) int { return int(a.row) - int(b.row) })
	for i := range best.items {
		best.items[i].score = q.cosine(v.segment, best.items[i].row)
	}
	return best.items
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
func denseOnly(v *view, arm *store.ArmQuery, q *question, rows []uint32, now time.Time) []scored {
	p := newPassing(v, arm, now)
	var found []scored
	for _, row := range rows {
		if p.row(row) {
			found = append(found, scored{row, q.cosine(v.segment, row)})
		}
	}
	return found
}

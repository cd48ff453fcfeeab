package local

import (
	"math"
	"slices"
	"sync"
	"sync/atomic"

	"dalil/vector"
)

// scanBlock is how many rows one call of the kernel processes. Their products stay
// in the first-level cache.
const scanBlock = 512

// densePiece is how many rows of a view a task scans at most. So both processors are done
// at about the same time.
const densePiece = maxRows / 2

// nearest is the search of a dense arm: for the rows with the highest cosine. It scans two
// bits of each element, scores the rows of all views that may be among the best with eight,
// and those that may still be with all bits. An exact search, and one of few rows, begin with eight
// bits.
type nearest struct {
	*armSearch
	pool   *topPool
	rank   int            // the rough score of the row of this rank is what others may have to be scored with eight bits
	begin  func() float32 // what the scan takes for this score at the beginning
	pieces []piece
	left   atomic.Int32 // pieces that are not scanned yet

	sharing sync.Mutex
	shared  *top // the best rows by two bits, of the pieces that are scanned
}

// piece is a part of a view, with what was found in it.
type piece struct {
	view     int
	from, to uint32
	may      *top // by two bits: the rows that may be among the best; nil: the piece is scanned with eight
	near     *top // by eight bits; nil: the piece is scanned after the others
}

// tasks returns a task for each piece. The one that ends last sets what was found.
func (n *nearest) tasks() (tasks []func()) {
	for i := range n.state.views {
		all := len(n.state.views[i].ids)
		for from := 0; from < all; from += densePiece {
			n.pieces = append(n.pieces, piece{view: i, from: uint32(from), to: uint32(min(from+densePiece, all))})
		}
	}
	n.rank = max(roughLeast, n.arm.Limit)
	n.shared = n.pool.get(n.rank, 0)
	n.begin = sync.OnceValue(func() float32 { return max(n.roughMin(), n.seed()) })
	n.left.Store(int32(len(n.pieces)))
	for i := range n.pieces {
		tasks = append(tasks, func() {
			n.scan(&n.pieces[i])
			if n.left.Add(-1) == 0 {
				n.finish()
			}
		})
	}
	return tasks
}

// roughMin is the rough score of the lowest cosine that the arm asks for.
func (n *nearest) roughMin() float32 {
	if n.arm.Min == nil {
		return float32(math.Inf(-1))
	}
	return *n.arm.Min / n.q.roughUnit()
}

func (n *nearest) scan(c *piece) {
	if rows := n.filter[c.view].ready().rows(); n.arm.Exact || rows < roughRowsFrom {
		// A small segment waits for the others: then a score is known that few rows reach.
		if small := len(n.state.views[c.view].roughScales) == 0; n.arm.Exact || !small {
			c.near = n.byEight()
			n.scanByEight(c, c.near)
		}
		return
	}
	c.may = n.pool.get(0, 0)
	n.scanRough(c, max(n.begin(), n.reached()))
}

// scanByEight adds the best rows of a piece by eight bits, with their view.
func (n *nearest) scanByEight(c *piece, best *top) {
	v, p := &n.state.views[c.view], n.filter[c.view]
	p.runs(c.from, c.to, func(from, to uint32) { n.q.scan(v, uint32(c.view), p, best, from, to) })
}

// scanRough finds the rows of a piece that may have a score, and the score of the best.
func (n *nearest) scanRough(c *piece, least float32) {
	v, p := &n.state.views[c.view], n.filter[c.view]
	best, base := n.pool.get(n.rank, 0), n.q.roughBase(v.segment)
	best.least = least
	c.may.reset(0, 0)
	if p.broad() && len(v.signs) > 0 {
		n.q.scanSigns(v, p, base, best, c.may, c.from, c.to)
	} else {
		p.runs(c.from, c.to, func(from, to uint32) { n.q.scanRough(v, p, base, best, c.may, from, to) })
	}
	n.sharing.Lock()
	for _, item := range best.items {
		if item.score >= n.shared.least {
			n.shared.add(item)
		}
	}
	n.shared.cut()
	n.sharing.Unlock()
	n.pool.put(best)
}

// reached returns the rough score of the row of the rank, of those that were found until
// now; -∞ if they are too few.
func (n *nearest) reached() float32 {
	n.sharing.Lock()
	defer n.sharing.Unlock()
	return n.shared.least
}

// byEight returns an empty list of the best rows by eight bits.
func (n *nearest) byEight() *top {
	coarse := float32(0)
	for i := range n.state.views {
		coarse = max(coarse, n.state.views[i].coarse)
	}
	t := n.pool.get(n.arm.Limit, n.q.margin(coarse, n.arm.Exact)/n.q.unit())
	if n.arm.Min != nil {
		t.least = (*n.arm.Min - n.q.margin(coarse, true)) / n.q.unit()
	}
	return t
}

// finish scores the best rows of all pieces again and sets what was found in each view.
func (n *nearest) finish() {
	near := n.byEight()
	least := n.reach()
	for i := range n.pieces {
		c := &n.pieces[i]
		if c.may != nil {
			kept := c.may.items[:0]
			for _, item := range c.may.items {
				if item.score >= least {
					kept = append(kept, item)
				}
			}
			n.q.again(&n.state.views[c.view], uint32(c.view), kept, near)
			n.pool.put(c.may)
		}
	}
	near.cut()
	for i := range n.pieces {
		c := &n.pieces[i]
		switch {
		case c.may != nil:
		case c.near == nil:
			n.scanByEight(c, near)
		default:
			for _, item := range c.near.items {
				if item.score >= near.least {
					near.add(item)
				}
			}
			n.pool.put(c.near)
		}
	}
	near.cut()
	n.divide(near.items)
	n.pool.put(near)
	for i, items := range n.found {
		n.q.cosines(n.state.views[i].segment, items)
	}
}

// divide sets what was found in each view.
func (n *nearest) divide(items []scored) {
	counts := make([]int, len(n.found))
	for _, item := range items {
		counts[item.row/maxRows]++
	}
	found := n.pool.get(0, 0)
	found.items = slices.Grow(found.items, len(items))
	n.tops = append(n.tops, found)
	from := 0
	for i, count := range counts {
		n.found[i], from = found.items[from:from:from+count], from+count
	}
	for _, item := range items {
		view := item.row / maxRows
		n.found[view] = append(n.found[view], scored{item.row % maxRows, item.score})
	}
}

// reach returns the rough score that the rows may have which are scored again. If the scan
// began with a higher one, it scans again.
func (n *nearest) reach() float32 {
	defer n.pool.put(n.shared)
	if !slices.ContainsFunc(n.pieces, func(c piece) bool { return c.may != nil }) {
		return 0
	}
	least := max(n.reached(), n.roughMin())
	if least < n.begin() {
		n.shared.reset(n.rank, 0)
		for i := range n.pieces {
			if c := &n.pieces[i]; c.may != nil {
				n.scanRough(c, least)
			}
		}
		least = max(least, n.reached())
	}
	return least
}

// placed is a row with its view in the upper bits.
func placed(view, row uint32) uint32 { return view*maxRows + row }

// again scores rows of a view with eight bits and adds those that may be among the best.
func (q *question) again(v *view, view uint32, items []scored, best *top) {
	var at [scanBlock]uint32
	var products [scanBlock]int32
	var scales [scanBlock]float32
	for len(items) > 0 {
		some := items[:min(len(items), scanBlock)]
		items = items[len(some):]
		for i := range some {
			at[i] = some[i].row
		}
		pick(scales[:len(some)], v.scales, at[:len(some)])
		vector.DotInt8At(q.high, v.high, at[:len(some)], products[:len(some)])
		for i := range some {
			if score := float32(products[i]) * scales[i]; score >= best.least {
				best.add(scored{placed(view, at[i]), score})
			}
		}
	}
}

// unit returns the factor that the scan leaves out because it is the same for every row.
func (q *question) unit() float32 {
	if q.step == 0 {
		return 1
	}
	return 256 * q.step
}

func (q *question) scan(v *view, view uint32, p *passing, best *top, from, to uint32) {
	var products [scanBlock]int32
	for ; from < to; from += scanBlock {
		n := min(scanBlock, to-from)
		vector.DotInt8Rows(q.high, v.high[int(from)*v.stride:int(from+n)*v.stride], products[:n])
		scales := v.scales[from : from+n]
		least := best.least
		for i, product := range products[:n] {
			score := float32(product) * scales[i]
			if score >= least && p.row(from+uint32(i)) {
				best.add(scored{placed(view, from+uint32(i)), score})
				least = best.least
			}
		}
	}
}

// denseOnly scores those rows of a view that the arm names.
func denseOnly(v *view, p *passing, q *question, rows []uint32) []scored {
	p.ready()
	found := make([]scored, 0, len(rows))
	for _, row := range rows {
		if p.row(row) {
			found = append(found, scored{row: row})
		}
	}
	q.cosines(v.segment, found)
	return found
}

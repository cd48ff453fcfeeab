package local

import (
	"math"
	"sync"
)

// scored is a row with its score.
type scored struct {
	row   uint32
	score float32
}

// top keeps the n best items of a stream, and all items less than margin below the
// worst of them. So items with equal scores stay, and ids decide between them
// instead of the order of arrival. Items that a rough score may have misjudged stay
// too.
type top struct {
	n      int
	margin float32
	least  float32 // the score that a new item must reach
	full   int     // number of items at which items that are too low are removed
	items  []scored
}

// topPool keeps the memory of tops for reuse.
type topPool struct{ pool sync.Pool }

func (p *topPool) get(n int, margin float32) *top {
	t, held := p.pool.Get().(*top)
	if !held {
		t = &top{}
	}
	t.reset(n, margin)
	return t
}

func (p *topPool) put(t *top) { p.pool.Put(t) }

func (t *top) reset(n int, margin float32) {
	*t = top{n: n, margin: margin, least: float32(math.Inf(-1)), full: 2*n + 128, items: t.items[:0]}
}

// add adds an item whose score is at least least.
func (t *top) add(item scored) {
	t.items = append(t.items, item)
	if len(t.items) >= t.full {
		t.cut()
		t.full = max(2*t.n+128, 2*len(t.items)) // ties may leave many
	}
}

// cut removes items that cannot be among the best any more. A few of them may remain.
func (t *top) cut() {
	if len(t.items) <= t.n {
		return
	}
	t.least = max(t.least, nearly(t.items, t.n)-t.margin)
	kept := t.items[:0]
	for _, item := range t.items {
		if item.score >= t.least {
			kept = append(kept, item)
		}
	}
	t.items = kept
}

// nth returns the k-th best score (0 is the best). It reorders the items (Hoare's
// selection with the median of three as pivot).
func nth(items []scored, k int) float32 {
	low, high := 0, len(items)-1
	for low < high {
		a, b, c := items[low].score, items[(low+high)/2].score, items[high].score
		pivot := max(min(a, b), min(max(a, b), c))
		i, j := low, high
		for i <= j {
			for items[i].score > pivot {
				i++
			}
			for items[j].score < pivot {
				j--
			}
			if i <= j {
				items[i], items[j] = items[j], items[i]
				i++
				j--
			}
		}
		switch {
		case k <= j:
			high = j
		case k >= i:
			low = i
		default:
			return items[k].score
		}
	}
	return items[k].score
}

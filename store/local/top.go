package local

import "math"

// top keeps the n best of a stream. Where scores tie at the edge it keeps all
// of them, so that the order of ids, not of arrival, decides who stays.
type top struct {
	n     int
	least float32 // what a newcomer has to reach
	items []scored
}

func newTop(n int) *top { return &top{n: n, least: float32(math.Inf(-1))} }

// add takes an item whose score is at least least. Every so often what can't
// be among the best any more is thrown out, which is cheaper than a heap.
func (t *top) add(item scored) {
	t.items = append(t.items, item)
	if len(t.items) >= 2*t.n+256 {
		t.cut()
	}
}

func (t *top) cut() {
	if len(t.items) <= t.n {
		return
	}
	t.least = nth(t.items, t.n-1)
	kept := t.items[:0]
	for _, item := range t.items {
		if item.score >= t.least {
			kept = append(kept, item)
		}
	}
	t.items = kept
}

// nth moves the items so that the k-th best score (0 is the best) is known, and
// returns it (Hoare's selection, middle of three as pivot).
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

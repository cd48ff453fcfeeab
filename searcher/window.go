package searcher

import "dalil/lexical"

// windowWords is the length of the stretch of a passage in which [windows] looks for the
// question's words, in words without stop words: about two sentences. 16 and 40 give
// the same figures within .002 (docs/decisions/006-ranker.md).
const windowWords = 24

// windows finds the stretch of a passage that holds most of a question. It keeps its
// memory for the next passage of the same question.
type windows struct {
	weights []float64 // of each word of the question; they sum to 1
	shares  []float32 // of each word, its likeliest form in the stretch
	latest  []int     // of each word, its place that was met last; -1: none
	next    []int     // of each place, the next place of the same word; -1: none
}

func newWindows(groups []lexical.Group) *windows {
	w := &windows{weights: make([]float64, len(groups)), shares: make([]float32, len(groups)), latest: make([]int, len(groups))}
	var all float64
	for i := range groups {
		all += groups[i].IDF
	}
	for i := range groups {
		if all > 0 {
			w.weights[i] = groups[i].IDF / all
		}
	}
	return w
}

// best is the largest share of the question's idf weight that any windowWords words in a
// row hold, 0 to 1. A word counts by its likeliest form in them. The places rise, and each
// one enters and leaves the stretch once, so the time is linear in them.
func (w *windows) best(found []lexical.Place) float32 {
	w.chain(found)
	var sum, best float64
	from := 0
	for i := range found {
		p := &found[i]
		for found[from].At <= p.At-windowWords {
			sum -= w.leave(found, from, p.At)
			from++
		}
		if more := p.Share - w.shares[p.Word]; more > 0 {
			w.shares[p.Word] = p.Share
			sum += w.weights[p.Word] * float64(more)
		}
		best = max(best, sum)
	}
	return float32(min(best, 1))
}

// chain links the places of each word and empties the stretch.
func (w *windows) chain(found []lexical.Place) {
	w.next = append(w.next[:0], make([]int, len(found))...)
	for i := range w.latest {
		w.latest[i], w.shares[i] = -1, 0
	}
	for i := len(found) - 1; i >= 0; i-- {
		word := found[i].Word
		w.next[i], w.latest[word] = w.latest[word], i
	}
}

// leave takes a place out of the stretch, which holds the places before the word at
// the given position, and returns how much less of the question the stretch holds.
func (w *windows) leave(found []lexical.Place, place, at int) float64 {
	word := found[place].Word
	had := w.shares[word]
	if found[place].Share < had {
		return 0
	}
	var left float32
	for i := w.next[place]; i >= 0 && found[i].At < at; i = w.next[i] {
		left = max(left, found[i].Share)
	}
	w.shares[word] = left
	return w.weights[word] * float64(had-left)
}

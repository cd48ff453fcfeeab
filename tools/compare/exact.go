package main

import (
	"cmp"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"dalil/corpus"
)

// best is how many passages an answer has.
const best = 10

// tie is the difference of scores that counts as none: passages with equal texts have
// equal vectors, and systems round differently.
const tie = 1e-6

// exact has the exact neighbours of questions, by inner products in float64.
type exact struct {
	passages []passage
	at       map[corpus.ChunkID]int
	tenth    []float64 // score of the tenth nearest passage, by question
}

// newExact compares every question with every passage.
func newExact(passages []passage, questions []question) *exact {
	e := &exact{passages: passages, at: make(map[corpus.ChunkID]int, len(passages)), tenth: make([]float64, len(questions))}
	for i := range passages {
		e.at[passages[i].id] = i
	}
	var next atomic.Int64
	var all sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		all.Go(func() {
			for i := int(next.Add(1) - 1); i < len(questions); i = int(next.Add(1) - 1) {
				e.tenth[i] = tenth(passages, questions[i].dense)
			}
		})
	}
	all.Wait()
	return e
}

func tenth(passages []passage, v corpus.Vector) float64 {
	top := make([]float64, 0, best+1) // descending
	for i := range passages {
		score := inner(v, passages[i].dense)
		if len(top) == best && score <= top[best-1] {
			continue
		}
		at, _ := slices.BinarySearchFunc(top, score, func(a, b float64) int { return cmp.Compare(b, a) })
		top = slices.Insert(top, at, score)
		top = top[:min(len(top), best)]
	}
	return top[len(top)-1]
}

func inner(a, b corpus.Vector) (sum float64) {
	for i, x := range a {
		sum += float64(x) * float64(b[i])
	}
	return sum
}

// found is how many different passages of an answer are among the ten nearest of a
// question. A passage that is as near as the tenth counts.
func (e *exact) found(question int, v corpus.Vector, answer []hit) (n int) {
	seen := make(map[corpus.ChunkID]bool, len(answer))
	for _, h := range answer {
		at, known := e.at[h.id]
		if known && !seen[h.id] && inner(v, e.passages[at].dense) >= e.tenth[question]-tie {
			n++
		}
		seen[h.id] = true
	}
	return min(n, best)
}

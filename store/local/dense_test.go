package local

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"dalil/corpus"
	"dalil/store"
	"dalil/vector"
)

// The rows that the scan estimates its first score from may be the only ones that are near.
// Then too few reach that score, and the scan must begin again without it.
func TestTheRowsOfTheEstimateMayBeTheNearest(t *testing.T) {
	const width, each, step = 16, 64, maxRows / (seedRows / seedPiece)
	random := rand.New(rand.NewPCG(1, 2))
	var records []*record
	for i := range maxRows / each {
		r := &record{key: int64(i + 1), document: corpus.Document{ID: string(rune(i + 1000))}}
		for k := range each {
			v := make(corpus.Vector, width)
			for d := range v {
				v[d] = float32(random.NormFloat64()) / 10
			}
			v[0] = -1
			if (i*each+k)%step < seedPiece {
				v[0] = 1
			}
			r.points = append(r.points, recordPoint{id: corpus.NewChunkID(r.document.ID, "r", k), dense: v})
		}
		records = append(records, r)
	}
	v := newView(build(width, records))
	state := &snapshot{views: []view{v}, passages: maxRows}
	question := make(corpus.Vector, width)
	question[0], question[1] = 1, 0.1
	search := func(exact bool) []candidate {
		arm := &store.ArmQuery{Dense: question, Limit: 100, Exact: exact}
		a := &armSearch{arm: arm, state: state, found: make([][]scored, 1), q: newQuestion(question, vector.NewRotation(width))}
		a.filter = []*passing{newPassing(&v, &arm.Filter, time.Time{}, clauses{})}
		n := &nearest{armSearch: a, pool: &topPool{}}
		for _, task := range n.tasks() {
			task()
		}
		if some := len(n.pieces); some != maxRows/densePiece {
			t.Fatalf("%d pieces", some)
		}
		return a.best()
	}
	found := 0
	got, want := search(false), search(true)
	for _, c := range want {
		if slices.Contains(got, c) {
			found++
		}
	}
	if len(got) != 100 || found < 99 {
		t.Errorf("%d rows, %d of the %d nearest", len(got), found, len(want))
	}
}

func TestAboutAsManyScoresReachTheEstimate(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	scores := make([]float32, seedRows)
	for i := range scores {
		scores[i] = float32(random.NormFloat64())
	}
	reach := func(least float32) (n int) {
		for _, x := range scores {
			if x >= least {
				n++
			}
		}
		return n
	}
	for _, n := range []int{1, 8, 24, 100, 1000, 2047} {
		if got := reach(reachedBy(scores, n)); got < n || got > n+n/4+40 {
			t.Errorf("%d scores reach the score for %d", got, n)
		}
	}
	if got := reachedBy([]float32{2, 2, 2}, 1); got != 2 {
		t.Errorf("of equal scores: got %v", got)
	}
}

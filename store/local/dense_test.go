//go:build !race

// The race detector makes these much slower, and they start no goroutine.

package local

import (
	"math"
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

// alike makes records of eight rows each, n rows in all, whose mean has about a given
// length: about 0.3 for natural text, 0.84 for passages that have most of their words in
// common. Otherwise they are random, so that the nearest are hardly nearer than the others.
// A share of the rows is almost equal.
func alike(random *rand.Rand, width, n int, mean, equal float64) (records []*record) {
	for i := range n / 8 {
		mean := mean
		if random.Float64() < equal {
			mean = 0.9999
		}
		r := &record{key: int64(i + 1), document: corpus.Document{ID: string(rune(i + 1000))}}
		for k := range 8 {
			v := make(corpus.Vector, width)
			for d := range v {
				v[d] = float32(random.NormFloat64() * math.Sqrt((1-mean*mean)/float64(width)))
			}
			v[0] += float32(mean)
			r.points = append(r.points, recordPoint{id: corpus.NewChunkID(r.document.ID, "r", k), dense: v})
		}
		records = append(records, r)
	}
	return records
}

// The rough scan must find the nearest rows, whether the vectors are alike or not, in large
// segments and small ones, and must score few others again.
func TestTheRoughScanFindsTheNearestOfAlikeRows(t *testing.T) {
	for _, text := range []struct{ mean, equal float64 }{{0.3, 0}, {0.84, 0}, {0, 0.9}} {
		for _, width := range []int{128, 300} {
			mean := text.mean
			random := rand.New(rand.NewPCG(uint64(width), 5))
			state := &snapshot{}
			for _, n := range []int{roughRowsFrom + 400, 3 * roughRowsFrom, 80} {
				state.views = append(state.views, newView(build(width, alike(random, width, n, mean, text.equal))))
				state.passages += n
			}
			found, all, again := map[int]int{}, map[int]int{}, 0
			for range 25 {
				question := alike(random, width, 8, mean, 0)[0].points[0].dense
				for _, limit := range []int{1, 10, 100} {
					search := func(exact bool) (best []candidate, n *nearest) {
						arm := &store.ArmQuery{Dense: question, Limit: limit, Exact: exact}
						a := &armSearch{arm: arm, state: state, found: make([][]scored, 3), q: newQuestion(question, vector.NewRotation(width))}
						a.filter = passings(state, []store.ArmQuery{*arm}, nil, 0, time.Time{}, clauses{})
						n = &nearest{armSearch: a, pool: &topPool{}}
						for _, task := range n.tasks() {
							task()
						}
						return a.best(), n
					}
					want, _ := search(true)
					got, n := search(false)
					for _, c := range want {
						if all[limit]++; slices.Contains(got, c) {
							found[limit]++
						}
					}
					for i := range n.pieces {
						if rough := n.pieces[i].may; (rough != nil) != (n.pieces[i].view < 2) {
							t.Fatalf("piece %d of view %d: rough scan %v", i, n.pieces[i].view, rough != nil)
						} else if rough != nil && limit == 10 {
							again += len(rough.items)
						}
					}
				}
			}
			for limit, n := range found {
				if least := map[int]float64{1: 1, 10: 0.999, 100: 0.998}[limit]; float64(n) < least*float64(all[limit]) {
					t.Errorf("width %d, %+v: %d of the %d nearest rows were found, %d a question", width, text, n, all[limit], limit)
				}
			}
			if share := float64(again) / 25 / float64(state.passages); share > 0.35 {
				t.Errorf("width %d, %+v: %.2f of the rows are scored again", width, text, share)
			}
		}
	}
}

// The rough copies depend on the rows of a segment only, not on how it was made.
func TestAMergedSegmentHasTheRoughCopiesOfOneThatWasBuilt(t *testing.T) {
	const width = 100
	records := alike(rand.New(rand.NewPCG(6, 7)), width, roughRowsFrom+160, 0.5, 0)
	whole := build(width, records)
	v := newView(build(width, records[10:])).without(19)
	parts := merge([]view{newView(build(width, records[:10])), v}, nil)
	if len(parts.rough) == 0 || slices.Equal(whole.rough, parts.rough) {
		t.Error("a document was deleted, and the copies are the same")
	}
	if few := build(width, records[:10]); len(few.rough) > 0 {
		t.Error("a small segment has rough copies")
	}
	parts = merge([]view{newView(build(width, records[:10])), newView(build(width, records[10:]))}, nil)
	if !slices.Equal(whole.rough, parts.rough) || !slices.Equal(whole.roughScales, parts.roughScales) || !slices.Equal(whole.mean, parts.mean) || !slices.Equal(whole.signs, parts.signs) {
		t.Error("the merged segment has other rough copies")
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

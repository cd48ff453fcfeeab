//go:build !race

// The race detector makes these much slower, and they start no goroutine.

package local

import (
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"dalil/corpus"
	"dalil/store"
)

// TestSparseUnderAFilterEqualsPlainAddition compares hits and scores, to the last bit, with
// the addition of all contributions in the order of the dimensions: of filters that keep few
// documents, of those that keep many, and with deleted documents.
func TestSparseUnderAFilterEqualsPlainAddition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows := rapid.IntRange(1, 3000).Draw(t, "documents")
		seed := rapid.Uint64().Draw(t, "seed")
		next := func(n int) int {
			seed = seed*6364136223846793005 + 1442695040888963407
			return int(seed >> 33 % uint64(n))
		}
		keep := rapid.IntRange(1, 100).Draw(t, "percent kept")
		negative := rapid.Bool().Draw(t, "negative weight")
		records := make([]*record, rows)
		for i := range records {
			weights := map[uint32]float32{}
			for range 1 + next(12) {
				weights[uint32(next(1+next(40)))] = float32(1+next(1000)) / 300
			}
			var sparse corpus.Sparse
			for d := range uint32(40) {
				if w, held := weights[d]; held {
					sparse.Dimensions, sparse.Weights = append(sparse.Dimensions, d), append(sparse.Weights, w)
				}
			}
			id := fmt.Sprintf("d%05d", i)
			author := "other"
			if next(100) < keep {
				author = "kept"
			}
			records[i] = &record{
				key: int64(i + 1), document: corpus.Document{ID: id, Author: author}, revision: "r",
				points: []recordPoint{{id: corpus.NewChunkID(id, "r", 0), dense: corpus.Vector{1, 0, 0, 0, 0, 0, 0, 0}, sparse: sparse}},
			}
		}
		v := newView(build(8, records))
		for range next(3) {
			if d := uint32(next(rows)); !v.dead.has(d) {
				v = v.without(d)
			}
		}
		filter := corpus.Filter{In: &corpus.In{Field: corpus.FieldAuthor, Values: []string{"kept"}}}
		none := corpus.Filter{}
		var terms []asked
		dimensions := []uint32{0, 1, 2, 3, 5, 8, 13, 21, 34}
		spans := make([]span, lookUpGroup)
		v.spans(dimensions, spans)
		for i := range dimensions {
			if spans[i].from < spans[i].to {
				weight := float32(1+next(100)) / 7
				if negative && i == 3 {
					weight = -weight
				}
				terms = append(terms, asked{spans[i], weight})
			}
		}
		limit := rapid.IntRange(1, 300).Draw(t, "limit")
		var sums sumsPool
		var tops topPool
		for _, f := range []*corpus.Filter{&filter, &none, &filter} { // memory that is used again is zero
			p := newPassing(&v, f, time.Now(), clauses{}).ready()
			want := map[uint32]float32{}
			for _, term := range terms {
				for at := term.from; at < term.to; at++ {
					if row := uint32(v.segment.rows[at]); p.row(row) {
						want[row] += term.weight * v.weight(at)
					}
				}
			}
			best, kept := sparse(&v, p, &store.ArmQuery{Limit: limit}, terms, true, &sums, &tops)
			got := slices.Clone(best.items)
			if kept != nil {
				for row := range uint32(len(v.ids)) {
					if found := kept.of(p, []uint32{row}); len(found) != 0 && found[0].score != want[row] || len(found) == 0 && want[row] != 0 {
						t.Fatalf("row %d: kept %v, want %v", row, found, want[row])
					}
				}
				sums.put(kept, len(v.ids))
			}
			lowest := float32(math.Inf(1))
			for _, item := range got {
				if score, found := want[item.row]; !found || score != item.score {
					t.Fatalf("row %d: score %v, want %v (found %v)", item.row, item.score, score, found)
				}
				lowest = min(lowest, item.score)
			}
			if len(got) < min(limit, len(want)) {
				t.Fatalf("%d rows, want %d of %d", len(got), limit, len(want))
			}
			slices.SortFunc(got, func(a, b scored) int { return int(a.row) - int(b.row) })
			for row, score := range want {
				if _, held := slices.BinarySearchFunc(got, row, func(s scored, row uint32) int { return int(s.row) - int(row) }); !held && score > lowest {
					t.Fatalf("row %d with %v is missing; the lowest is %v", row, score, lowest)
				}
			}
		}
	})
}

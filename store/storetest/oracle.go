package storetest

import (
	"math"
	"slices"

	"dalil/corpus"
	"dalil/store"
)

// oracle is what a store should hold, kept as a map and searched by brute
// force in float64.
type oracle map[string]store.Entry

func (o oracle) put(entries ...store.Entry) {
	for _, e := range entries {
		o[e.Document.ID] = e
	}
}

// idf is ln(1 + (N−n+½)/(n+½)) over the passages that live: the least and the
// most that it may be, which are one unless the store counts what has gone.
func (o oracle) idf(dimension uint32, gone *written) (least, most float64) {
	passages, n := 0, 0
	for _, e := range o {
		for _, p := range e.Points {
			passages++
			if _, held := slices.BinarySearch(p.Sparse.Dimensions, dimension); held {
				n++
			}
		}
	}
	idf := func(passages, n int) float64 {
		return math.Log(1 + (float64(max(passages, n)-n)+0.5)/(float64(n)+0.5))
	}
	if gone == nil {
		return idf(passages, n), idf(passages, n)
	}
	return idf(passages, gone.frequency[dimension]), idf(gone.passages, n)
}

// written counts all passages that were ever put.
type written struct {
	passages  int
	frequency map[uint32]int
}

func (w *written) add(entries []store.Entry) {
	if w.frequency == nil {
		w.frequency = map[uint32]int{}
	}
	for _, e := range entries {
		for _, p := range e.Points {
			w.passages++
			for _, d := range p.Sparse.Dimensions {
				w.frequency[d]++
			}
		}
	}
}

// bounds are the least and the most that a passage may score.
type bounds struct{ least, most float64 }

// scores gives every passage that the arm may find.
func (o oracle) scores(arm store.ArmQuery, gone *written) map[corpus.ChunkID]bounds {
	scores := map[corpus.ChunkID]bounds{}
	weights := make([]bounds, arm.Sparse.Len())
	for i, d := range arm.Sparse.Dimensions {
		least, most := o.idf(d, gone)
		w := float64(arm.Sparse.Weights[i])
		weights[i] = bounds{least * w, most * w}
	}
	for _, e := range o {
		if !arm.Filter.Match(&e.Document) {
			continue
		}
		for _, p := range e.Points {
			if arm.IDs != nil && !slices.Contains(arm.IDs, p.Chunk.ID) {
				continue
			}
			var score bounds
			found := arm.Dense != nil
			for i, x := range arm.Dense {
				score.least += float64(x) * float64(p.Dense[i])
			}
			score.most = score.least
			for i, d := range arm.Sparse.Dimensions {
				if at, held := slices.BinarySearch(p.Sparse.Dimensions, d); held {
					w := float64(p.Sparse.Weights[at])
					score.least += weights[i].least * w
					score.most += weights[i].most * w
					found = true
				}
			}
			if found {
				scores[p.Chunk.ID] = score
			}
		}
	}
	return scores
}

// Scores may differ from brute force in float64 by this much of a score about
// 1: sums in another order, and for cosines what a store rounds its vectors by.
const (
	tolerance       = 2e-5
	cosineTolerance = 1e-4
)

// check compares an answer with brute force: each score, the order, and that
// nothing better was left out.
func (c *collection) check(o oracle, arm store.ArmQuery, hits []store.Hit) {
	t := c.T
	t.Helper()
	want := o.scores(arm, c.gone)
	allowed := tolerance
	if arm.Dense != nil {
		allowed = cosineTolerance
	}
	lax := func(score float64) float64 { return allowed * max(1, math.Abs(score)) }
	seen := map[corpus.ChunkID]bool{}
	revisions := map[string]string{}
	for i, h := range hits {
		score, held := want[h.ID]
		if !held {
			t.Fatalf("hit %d (%v) should not be found by %s", i, h, outline(arm))
		}
		if got := float64(h.Score); got < score.least-lax(got) || got > score.most+lax(got) {
			t.Fatalf("hit %d (%s of %s) scores %v, want %v to %v", i, h.ID, h.DocumentID, h.Score, score.least, score.most)
		}
		if seen[h.ID] {
			t.Fatalf("hit %d (%s) stands there twice", i, h.ID)
		}
		seen[h.ID] = true
		if !h.Other { // other arms name its document
			if e := o[h.DocumentID]; len(e.Points) == 0 || e.Points[0].Chunk.Revision != h.Revision {
				t.Fatalf("hit %d is of revision %q of %q, which is not held", i, h.Revision, h.DocumentID)
			}
			if r, other := revisions[h.DocumentID]; other && r != h.Revision {
				t.Fatalf("revisions %q and %q of %q in one answer", r, h.Revision, h.DocumentID)
			}
			revisions[h.DocumentID] = h.Revision
		}
		if arm.Min != nil && h.Score < *arm.Min {
			t.Fatalf("hit %d scores %v, below the least %v", i, h.Score, *arm.Min)
		}
		if i > 0 {
			before := hits[i-1]
			if before.Score < h.Score || before.Score == h.Score && before.ID.Compare(h.ID) >= 0 {
				t.Fatalf("hits %d and %d stand in the wrong order:\n%v", i-1, i, described(hits[i-1:i+1]))
			}
		}
	}
	if arm.Limit > 0 && len(hits) > arm.Limit {
		t.Fatalf("%d hits, the limit is %d", len(hits), arm.Limit)
	}
	full := arm.Limit > 0 && len(hits) == arm.Limit
	for id, score := range want {
		if seen[id] || arm.Min != nil && score.least < float64(*arm.Min)+lax(score.least) {
			continue
		}
		if !full {
			t.Fatalf("passage %s with scores %v is left out, though %d hits are below the limit %d (%s)", id, score, len(hits), arm.Limit, outline(arm))
		}
		if last := float64(hits[len(hits)-1].Score); score.least > last+lax(last) {
			t.Fatalf("passage %s with score %v is left out, the last hit has %v", id, score.least, last)
		}
	}
}

func outline(a store.ArmQuery) string {
	kind := "a dense arm"
	if a.Dense == nil {
		kind = "a sparse arm"
	}
	if !a.Filter.IsZero() {
		kind += " with a filter"
	}
	if a.IDs != nil {
		kind += " for ids"
	}
	return kind
}

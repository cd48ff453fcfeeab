//go:build !race

// The race detector makes these much slower, and they start no goroutine.

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

// The signs are not in a file, so they must be made when it is read.
func TestTheSignsOfAFileAreThoseOfTheSegment(t *testing.T) {
	dir := t.TempDir()
	built := build(100, alike(rand.New(rand.NewPCG(1, 2)), 100, roughRowsFrom+24, 0.3, 0))
	if err := built.save(dir); err != nil {
		t.Fatal(err)
	}
	read, err := loadSegment(dir, 100, built.file)
	if err != nil {
		t.Fatal(err)
	}
	if want := vector.SignsSize(100, roughRowsFrom+24); len(built.signs) != want || slices.Max(built.signs) == 0 {
		t.Errorf("signs of %d bytes, want %d", len(built.signs), want)
	}
	if !slices.Equal(read.signs, built.signs) {
		t.Error("the segment that was read has other signs")
	}
}

// A scan of the signs must find the rows that a scan of both bits finds, also where they leave so many
// rows that blocks are scanned without them, and behind the last whole group of rows.
func TestTheScanOfSignsFindsWhatBothBitsFind(t *testing.T) {
	const rows, rank = 2*roughRowsFrom + 40, 100
	for _, width := range []int{64, 256, 300} {
		random := rand.New(rand.NewPCG(uint64(width), 1))
		records := alike(random, width, rows, 0.3, 0)
		v := newView(build(width, records))
		for i := range 30 {
			question := alike(random, width, 8, 0.3, 0)[0].points[0].dense
			if i%3 == 0 { // a few rows are much nearer than the rest
				near := records[len(records)-1-i].points
				for k := range near {
					question = slices.Clone(near[k].dense)
				}
			}
			q := newQuestion(question, vector.NewRotation(width))
			p := newPassing(&v, &corpus.Filter{}, time.Time{}, clauses{}).ready()
			base := q.roughBase(v.segment)
			scan := func(scan func(v *view, p *passing, base float32, best, may *top, from, to uint32), least float32) []scored {
				best, may := &top{}, &top{}
				best.reset(rank, 0)
				best.least = least
				scan(&v, p, base, best, may, 0, rows)
				best.cut()
				return slices.DeleteFunc(may.items, func(x scored) bool { return x.score < best.least })
			}
			want := scan(q.scanRough, 0)
			least := nth(slices.Clone(want), rank-1)
			want = slices.DeleteFunc(want, func(x scored) bool { return x.score < least })
			got := scan(q.scanSigns, 0)
			found := 0
			for _, x := range want {
				if slices.Contains(got, x) {
					found++
				}
			}
			if len(want) < rank || found < len(want)-1 {
				t.Errorf("width %d, question %d: %d of %d rows were found", width, i, found, len(want))
			}
		}
	}
}

// The kernels of signs have a limit of width. Segments of wider vectors keep no signs, and both
// bits of them are scanned.
func TestSegmentsOfWideVectorsHaveNoSigns(t *testing.T) {
	const width = vector.MostSigns + 1
	counts := sizes{rows: roughRowsFrom}.counts(vector.MostSigns)
	if got, want := signsSize(vector.MostSigns, counts), vector.SignsSize(vector.MostSigns, roughRowsFrom); got != want {
		t.Errorf("signs of %d bytes for the widest vectors that have some, want %d", got, want)
	}
	random := rand.New(rand.NewPCG(8, 9))
	records := alike(random, width, 8, 0.3, 0)
	away := make(corpus.Vector, width)
	away[0] = -1
	for i := 1; i < roughRowsFrom/8; i++ { // the others point away from them
		r := &record{key: int64(i + 1), document: corpus.Document{ID: string(rune(i + 1000))}}
		for k := range 8 {
			r.points = append(r.points, recordPoint{id: corpus.NewChunkID(r.document.ID, "r", k), dense: away})
		}
		records = append(records, r)
	}
	built := build(width, records)
	dir := t.TempDir()
	if err := built.save(dir); err != nil {
		t.Fatal(err)
	}
	read, err := loadSegment(dir, width, built.file)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []*segment{built, read} {
		if len(s.roughScales) != roughRowsFrom || len(s.signs) > 0 {
			t.Fatalf("%d rough rows, signs of %d bytes", len(s.roughScales), len(s.signs))
		}
		v := newView(s)
		arm := &store.ArmQuery{Dense: records[0].points[5].dense, Limit: 1}
		a := &armSearch{
			arm: arm, state: &snapshot{views: []view{v}, passages: roughRowsFrom}, found: make([][]scored, 1),
			q: newQuestion(arm.Dense, vector.NewRotation(width)), filter: []*passing{newPassing(&v, &arm.Filter, time.Time{}, clauses{})},
		}
		n := &nearest{armSearch: a, pool: &topPool{}}
		for _, task := range n.tasks() {
			task()
		}
		if best := a.best(); n.pieces[0].may == nil || len(best) != 1 || best[0].row != 5 {
			t.Errorf("got %+v, want row 5 by the rough scan", best)
		}
	}
}

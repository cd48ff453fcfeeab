package local

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"dalil/corpus"
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
			if i%3 == 0 { // the nearest are much nearer than the others
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

package local

import "testing"

// Small segments must not copy a large one each time that eight segments exist.
func TestFewSmallSegmentsCopyNoLargeOne(t *testing.T) {
	of := func(rows int) view { return view{segment: &segment{}, passages: rows} }
	large := []view{of(60_000), of(34_000)}
	small := append([]view{}, large...)
	for range 6 {
		small = append(small, of(100))
	}
	if from, to, found := plan(small); found {
		t.Errorf("merges segments %d to %d of two large and six small ones", from, to)
	}
	for range 2 {
		small = append(small, of(100))
	}
	if from, to, found := plan(small); !found || from != 2 || to != 10 {
		t.Errorf("of two large and eight small segments it merges %d to %d (%v), want 2 to 10", from, to, found)
	}
	large = append(large, of(5000), of(5000), of(5000), of(5000), of(5000), of(5000))
	if from, to, found := plan(large); !found || from != 1 {
		t.Errorf("of large segments it merges %d to %d (%v)", from, to, found)
	}
}

// A load of commits of 256 rows copies each row three times at most: into a segment of
// loadedRows, into a file, and into a full one. Few rows have no file.
func TestALoadCopiesRowsThreeTimes(t *testing.T) {
	var views []view
	copied, loaded, most := 0, 0, 0
	for range 2000 {
		views = append(views, view{segment: &segment{}, passages: 256})
		loaded += 256
		for from, to, found := planLoading(views); found; from, to, found = planLoading(views) {
			one := view{segment: &segment{}}
			for _, v := range views[from:to] {
				one.passages += v.passages
			}
			if one.passages > maxRows {
				t.Fatalf("merges %d rows", one.passages)
			}
			copied += one.passages
			if one.passages > inlineRows {
				one.file = &segmentFile{}
			}
			views = append(append(views[:from:from], one), views[to:]...)
		}
		unfiled := 0
		for _, v := range views {
			if v.file == nil {
				unfiled += v.passages
			}
		}
		most = max(most, unfiled)
	}
	if copied > 3*loaded {
		t.Errorf("%d rows were copied to load %d", copied, loaded)
	}
	if most > filedRows {
		t.Errorf("up to %d rows without a file", most)
	}
}

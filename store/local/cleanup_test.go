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

package local

import "math/bits"

// size returns the size class of a segment: up to 64 rows, up to 512, and so on.
func size(rows int) int {
	return (bits.Len(uint(max(rows-1, 0)/smallest)) + 2) / 3
}

// plan chooses neighbouring views to merge: [from, to).
func plan(views []view) (from, to int, found bool) {
	// The newest views of at most one class; older ones are larger.
	for class, start := 0, len(views); start > 0; class++ {
		for start > 0 && size(views[start-1].passages) <= class {
			start--
		}
		if len(views)-start >= fanOut {
			if from, to := fitting(views, start); to-from > 1 && balanced(views[from:to]) {
				return from, to, true
			}
		}
	}
	return mostlyDeleted(views)
}

// planLoading is [plan] while documents are loaded and nobody searches: the newest views
// become segments of loadedRows, these become files of filedRows, and the files stay until
// they fill a segment. So each row is copied three times, and flushed to a file twice.
func planLoading(views []view) (from, to int, found bool) {
	start, rows := len(views), 0
	for start > 0 && views[start-1].passages < loadedRows {
		start--
		rows += views[start].passages
	}
	if rows >= loadedRows && len(views)-start > 1 {
		return start, len(views), true
	}
	if from, to, found = plan(views[start:]); found {
		return start + from, start + to, true
	}
	start, rows = len(views), 0
	for start > 0 && views[start-1].file == nil {
		start--
		rows += views[start].passages
	}
	if from, to := fitting(views, start); rows >= filedRows && to-from > 1 {
		return from, to, true
	}
	first := start // of the files that are not full
	for first > 0 && views[first-1].passages < maxRows/2 {
		first--
	}
	if from, to := fitting(views[:start], first); to < start && to-from > 1 {
		return from, to, true
	}
	return mostlyDeleted(views)
}

// mostlyDeleted finds a view of which many rows are deleted.
func mostlyDeleted(views []view) (from, to int, found bool) {
	for i := range views {
		v := &views[i]
		if dead := len(v.ids) - v.passages; dead >= deadLeast && dead*deadShare >= len(v.ids) {
			return i, i + 1, true
		}
	}
	return 0, 0, false
}

// balanced reports whether a merge is worth its cost: whether the views beside the
// largest one have at least a quarter of its rows. Otherwise a few small segments would
// copy a large one again and again.
func balanced(views []view) bool {
	all, largest := 0, 0
	for i := range views {
		all += views[i].passages
		largest = max(largest, views[i].passages)
	}
	return 4*(all-largest) >= largest
}

// fitting returns the longest run of views from start on whose rows fit into one
// segment. A view that fits with no neighbour is skipped.
func fitting(views []view, start int) (from, to int) {
	for from = start; from < len(views); from++ {
		rows, postings := 0, 0
		for to = from; to < len(views); to++ {
			rows += views[to].passages
			postings += len(views[to].segment.rows)
			if rows > maxRows || postings > maxPostings {
				break
			}
		}
		if to-from > 1 {
			return from, to
		}
	}
	return start, start
}

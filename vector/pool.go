package vector

import "fmt"

// PoolRuns pools runs of scattered rows of a row-major matrix, element by element. Run k is
// at[ends[k-1]:ends[k]], the first one begins at 0. Row k of most becomes the maximum of
// scales[row] × the row over the rows of the run, none below 0, and row k of sums the sum of
// the rows without their scales, in the order of at. Rows have width elements.
func PoolRuns(rows, scales []float32, width int, at, ends []int32, most, sums []float32) {
	if width < 0 || len(rows) < len(scales)*width || len(most) != len(ends)*width || len(sums) != len(most) {
		panic(fmt.Sprintf("vector: %d rows of width %d in %d elements, %d runs, %d maxima, %d sums", len(scales), width, len(rows), len(ends), len(most), len(sums)))
	}
	from := int32(0)
	for _, end := range ends {
		if end < from || int(end) > len(at) {
			panic(fmt.Sprintf("vector: a run from %d to %d of %d", from, end, len(at)))
		}
		from = end
	}
	if width == 0 || from == 0 || !poolRuns(rows, scales, width, at, ends, most, sums) {
		poolRunsGo(rows, scales, width, at, ends, most, sums)
	}
}

func poolRunsGo(rows, scales []float32, width int, at, ends []int32, most, sums []float32) {
	clear(most)
	clear(sums)
	from := int32(0)
	for k, end := range ends {
		most, sums := most[k*width:][:width], sums[k*width:][:width]
		for _, row := range at[from:end] {
			scale := scales[row]
			for i, x := range rows[int(row)*width:][:width] {
				sums[i] += x
				most[i] = max(most[i], scale*x)
			}
		}
		from = end
	}
}

package vector

import "fmt"

// PoolAt pools scattered rows of a row-major matrix, element by element: most[k] becomes
// the maximum of what it was and of scales[row] × element k of each row of at, and the
// elements are added to sum[k] without their scale, in the order of at. Rows are as long as
// most and sum.
func PoolAt(rows, scales []float32, at []int32, most, sum []float32) {
	width := len(most)
	if len(sum) != width || len(rows) < len(scales)*width {
		panic(fmt.Sprintf("vector: %d rows in %d elements, %d maxima, %d sums", len(scales), len(rows), width, len(sum)))
	}
	for _, row := range at {
		if uint(row) >= uint(len(scales)) {
			panic(fmt.Sprintf("vector: row %d of %d", row, len(scales)))
		}
	}
	if width > 0 && len(at) > 0 {
		poolAt(rows, scales, at, most, sum)
	}
}

func poolAtGo(rows, scales []float32, at []int32, most, sum []float32) {
	for _, row := range at {
		scale := scales[row]
		for k, x := range rows[int(row)*len(most):][:len(most)] {
			sum[k] += x
			most[k] = max(most[k], scale*x)
		}
	}
}

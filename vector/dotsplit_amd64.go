package vector

//go:noescape
func dotSplitAVX2(q *float32, high, low *int8, n int) float32 // n a multiple of 16

func dotSplit(q []float32, high, low []int8) float32 {
	n := len(q) &^ 15
	if !features.AVX2 || n == 0 {
		return dotSplitGo(q, high, low)
	}
	return dotSplitAVX2(&q[0], &high[0], &low[0], n) + dotSplitGo(q[n:], high[n:], low[n:])
}

package vector

import "fmt"

// DotSplit is the dot product of a float32 vector with one of 16-bit integers
// that is stored in two halves: the sum of q[i] × (256·high[i] + low[i]). The order
// of the sums, so the last bits, depends on the kernel.
func DotSplit(q []float32, high, low []int8) float32 {
	if len(q) != len(high) || len(q) != len(low) {
		panic(fmt.Sprintf("vector: vectors of %d, %d and %d dimensions", len(q), len(high), len(low)))
	}
	return dotSplit(q, high, low)
}

func dotSplitGo(q []float32, high, low []int8) float32 {
	var upper, lower float32
	for i, x := range q {
		upper += x * float32(high[i])
		lower += x * float32(low[i])
	}
	return 256*upper + lower
}

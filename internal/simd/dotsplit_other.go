//go:build !amd64

package simd

func dotSplit(q []float32, high, low []int8) float32 { return dotSplitGo(q, high, low) }

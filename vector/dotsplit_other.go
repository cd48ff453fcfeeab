//go:build !amd64

package vector

func dotSplit(q []float32, high, low []int8) float32 { return dotSplitGo(q, high, low) }

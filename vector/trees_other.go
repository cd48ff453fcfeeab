//go:build !amd64

package vector

func sumTrees(_, _ []float32, _ []Tree) bool { return false }

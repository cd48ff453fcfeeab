package vector

import "fmt"

// Tree is an oblivious tree of depth 3: it compares three features of a candidate with
// thresholds. Comparison d is bit d of the number of the leaf, 1 if the feature is above.
type Tree struct {
	Features   [3]int32
	Thresholds [3]float32
	Leaves     [8]float32
}

// SumTrees sets the sum of each candidate to that of its leaves, added in the order of the
// trees. columns has one row for each feature, with that of every candidate.
func SumTrees(sums, columns []float32, trees []Tree) {
	n := len(sums)
	for i := range trees {
		for _, f := range trees[i].Features {
			if f < 0 || (int(f)+1)*n > len(columns) {
				panic(fmt.Sprintf("vector: feature %d of %d candidates in %d elements", f, n, len(columns)))
			}
		}
	}
	if n > 0 && !sumTrees(sums, columns, trees) {
		sumTreesGo(sums, columns, trees)
	}
}

func sumTreesGo(sums, columns []float32, trees []Tree) {
	for i := range sums {
		var sum float32
		for k := range trees {
			t, leaf := &trees[k], 0
			for d, f := range t.Features {
				if columns[int(f)*len(sums)+i] > t.Thresholds[d] {
					leaf |= 1 << d
				}
			}
			sum += t.Leaves[leaf]
		}
		sums[i] = sum
	}
}

package vector

// sumTreesAVX2 sets eight sums. The columns of the features are stride bytes apart.
//
//go:noescape
func sumTreesAVX2(sums, columns *float32, stride int, trees *Tree, n int)

// sumTrees reports whether it summed all.
func sumTrees(sums, columns []float32, trees []Tree) bool {
	if !features.AVX2 || len(sums) < 8 || len(trees) == 0 {
		return false
	}
	for from := 0; from < len(sums); from += 8 {
		from = min(from, len(sums)-8) // the last ones may be summed twice
		sumTreesAVX2(&sums[from], &columns[from], 4*len(sums), &trees[0], len(trees))
	}
	return true
}

package training

import "math/rand/v2"

// cut appends batches of the given size. The last one may be half as large, or half
// as large again.
func cut(batches [][]example, order []example, size int) [][]example {
	for len(order) > 0 {
		n := min(size, len(order))
		if len(order)-n < size/2 {
			n = len(order)
		}
		batches = append(batches, order[:n])
		order = order[n:]
	}
	return batches
}

// byFile makes batches of pairs of one file, in a random order. The texts of one file
// are more alike than those of several files, so they are harder to tell apart. A rest of
// a file with less than a quarter of the size goes into batches with those of other files.
func byFile(rng *rand.Rand, order []example, size int) [][]example {
	groups := map[string][]example{}
	var files []string // in the order of their first pairs
	for _, e := range order {
		if groups[e.origin] == nil {
			files = append(files, e.origin)
		}
		groups[e.origin] = append(groups[e.origin], e)
	}
	var batches [][]example
	var rest []example
	for _, file := range files {
		group := groups[file]
		for len(group) > 0 && len(group) >= size/4 {
			n := min(size, len(group))
			batches = append(batches, group[:n])
			group = group[n:]
		}
		rest = append(rest, group...)
	}
	batches = cut(batches, rest, size)
	rng.Shuffle(len(batches), func(i, j int) { batches[i], batches[j] = batches[j], batches[i] })
	return batches
}

package ranker

import (
	"math"
	"slices"

	"dalil/searcher/trees"
)

// bins are the candidates with each feature cut into few values.
type bins struct {
	rows       [][]float32
	codes      [][]uint8   // of each feature, of each row: how many thresholds its value is above
	thresholds [][]float32 // of each feature, rising
	direction  []int       // of each feature
}

func binned(examples []Example, names []string, o Options) *bins {
	b := &bins{codes: make([][]uint8, len(names)), thresholds: make([][]float32, len(names)), direction: make([]int, len(names))}
	for i := range examples {
		b.rows = append(b.rows, examples[i].Features...)
	}
	for f, name := range names {
		b.direction[f] = o.Direction[name]
		if slices.Contains(o.Leave, name) {
			continue
		}
		values := make([]float32, len(b.rows))
		for i, row := range b.rows {
			values[i] = row[f]
		}
		slices.Sort(values)
		for k := 1; k < o.Bins; k++ {
			at := k * len(values) / o.Bins
			below, above := values[max(at-1, 0)], values[at]
			if below == above { // a value that many share: cut on both sides of it
				if next, _ := slices.BinarySearch(values, above); next > 0 {
					b.threshold(f, (values[next-1]+above)/2)
				}
				if next, _ := slices.BinarySearch(values, math.Nextafter32(above, math.MaxFloat32)); next < len(values) {
					b.threshold(f, (above+values[next])/2)
				}
				continue
			}
			b.threshold(f, (below+above)/2)
		}
		slices.Sort(b.thresholds[f])
		b.thresholds[f] = slices.Compact(b.thresholds[f])
		b.codes[f] = make([]uint8, len(b.rows))
		for i, row := range b.rows {
			n, _ := slices.BinarySearch(b.thresholds[f], row[f])
			b.codes[f][i] = uint8(n)
		}
	}
	return b
}

// threshold adds one, with few digits so that the file stays small.
func (b *bins) threshold(f int, x float32) {
	b.thresholds[f] = append(b.thresholds[f], float32(math.Round(float64(x)*1e4)/1e4))
}

// sum is what a leaf's rows come to.
type sum struct{ slope, curve float64 }

// grow makes the tree that follows the slopes best, question by question, and
// says which leaf each row is in.
func (b *bins) grow(slopes, curves []float64, o Options) (trees.Tree, []uint8) {
	var tree trees.Tree
	leafOf := make([]uint8, len(b.rows))
	for depth := range trees.Depth {
		bestGain, bestFeature, bestAt := math.Inf(-1), -1, 0
		for f := range b.codes {
			if b.codes[f] == nil || len(b.thresholds[f]) == 0 || used(tree, depth, f) {
				continue
			}
			histogram := b.histogram(f, depth, leafOf, slopes, curves)
			for at := range b.thresholds[f] {
				split := b.split(histogram, at, len(b.thresholds[f])+1, depth)
				values := b.values(split, tree, depth, f, o.Ridge)
				if g := worth(split, values, o.Ridge); g > bestGain {
					bestGain, bestFeature, bestAt = g, f, at
				}
			}
		}
		if bestFeature < 0 {
			bestFeature, bestAt = 0, 0
		}
		tree.Features[depth], tree.Thresholds[depth] = bestFeature, b.thresholds[bestFeature][bestAt]
		for i, code := range b.codes[bestFeature] {
			if int(code) > bestAt {
				leafOf[i] |= 1 << depth
			}
		}
	}
	sums := make([]sum, 1<<trees.Depth)
	for i, leaf := range leafOf {
		sums[leaf].slope += slopes[i]
		sums[leaf].curve += curves[i]
	}
	last := trees.Depth - 1
	values := b.values(sums, tree, last, tree.Features[last], o.Ridge)
	for i, v := range values {
		tree.Leaves[i] = float32(math.Round(v*o.Rate*1e4) / 1e4)
	}
	b.settle(&tree)
	return tree, leafOf
}

// settle takes out what drawing together and rounding left of a wrong order.
func (b *bins) settle(tree *trees.Tree) {
	for d, f := range tree.Features {
		for leaf := range tree.Leaves {
			other := leaf | 1<<d
			if leaf == other {
				continue
			}
			switch b.direction[f] {
			case 1:
				tree.Leaves[other] = max(tree.Leaves[other], tree.Leaves[leaf])
			case -1:
				tree.Leaves[leaf] = max(tree.Leaves[leaf], tree.Leaves[other])
			}
		}
	}
}

// used reports whether the tree asks for the feature already: three questions of
// one feature would make a tree of one dimension.
func used(tree trees.Tree, depth, f int) bool {
	return depth > 0 && slices.Contains(tree.Features[1:depth], f) && tree.Features[0] == f
}

// histogram sums the rows by leaf and code.
func (b *bins) histogram(f, depth int, leafOf []uint8, slopes, curves []float64) []sum {
	width := len(b.thresholds[f]) + 1
	sums := make([]sum, width<<depth)
	for i, code := range b.codes[f] {
		s := &sums[int(leafOf[i])*width+int(code)]
		s.slope += slopes[i]
		s.curve += curves[i]
	}
	return sums
}

// split sums a histogram into the leaves on both sides of a threshold.
func (b *bins) split(histogram []sum, at, width, depth int) []sum {
	out := make([]sum, 2<<depth)
	for leaf := range 1 << depth {
		for code, s := range histogram[leaf*width : (leaf+1)*width] {
			to := &out[leaf]
			if code > at {
				to = &out[leaf|1<<depth]
			}
			to.slope += s.slope
			to.curve += s.curve
		}
	}
	return out
}

// values are the leaves' best values that keep to the features' directions:
// neighbours in the wrong order are drawn together until none is.
func (b *bins) values(sums []sum, tree trees.Tree, depth, last int, ridge float64) []float64 {
	values := make([]float64, len(sums))
	for i, s := range sums {
		values[i] = s.slope / (s.curve + ridge)
	}
	for range 8 {
		moved := false
		for d := range depth + 1 {
			f := last
			if d < depth {
				f = tree.Features[d]
			}
			direction := b.direction[f]
			if direction == 0 {
				continue
			}
			for leaf := range values {
				other := leaf | 1<<d
				if leaf == other || float64(direction)*(values[other]-values[leaf]) >= -1e-12 {
					continue
				}
				wl, wo := sums[leaf].curve+ridge, sums[other].curve+ridge
				both := (values[leaf]*wl + values[other]*wo) / (wl + wo)
				values[leaf], values[other], moved = both, both, true
			}
		}
		if !moved {
			break
		}
	}
	return values
}

// worth is how much the values lower the loss.
func worth(sums []sum, values []float64, ridge float64) float64 {
	var total float64
	for i, s := range sums {
		total += s.slope*values[i] - .5*(s.curve+ridge)*values[i]*values[i]
	}
	return total
}

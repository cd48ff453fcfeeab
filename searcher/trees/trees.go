// Package trees runs the learned ranker: gradient-boosted oblivious trees that
// turn a candidate's features into a correction of its score. Start with [Load]
// and [Model.Score].
package trees

import "slices"

// Depth is how many questions each tree asks; a tree has 1 << Depth leaves.
const Depth = 3

// leaves is how many leaves a tree has.
const leaves = 1 << Depth

// Tree asks the same Depth questions of every candidate: whether feature i is
// above its threshold. The answers are the bits of the leaf's number, the first
// question's lowest.
type Tree struct {
	Features   [Depth]int
	Thresholds [Depth]float32
	Leaves     [leaves]float32
}

// Model is a sum of trees. It is immutable and safe for concurrent use.
type Model struct {
	features []string
	trees    []Tree
}

// New returns a model of the trees, whose Features are places in the names.
func New(features []string, trees []Tree) *Model {
	return &Model{slices.Clone(features), slices.Clone(trees)}
}

// Features are the names of the features, in the order that Score wants.
func (m *Model) Features() []string { return slices.Clone(m.features) }

// Trees is how many trees there are.
func (m *Model) Trees() int { return len(m.trees) }

// Score is the sum of the leaves that the features lead to.
func (m *Model) Score(features []float32) float32 {
	var sum float32
	for i := range m.trees {
		t := &m.trees[i]
		sum += t.Leaves[t.leaf(features)]
	}
	return sum
}

// leaf is written without branches, which would be guessed wrong half the time.
func (t *Tree) leaf(features []float32) int {
	return above(features[t.Features[0]], t.Thresholds[0]) |
		above(features[t.Features[1]], t.Thresholds[1])<<1 |
		above(features[t.Features[2]], t.Thresholds[2])<<2
}

func above(x, threshold float32) int {
	var bit int
	if x > threshold {
		bit = 1
	}
	return bit
}

// Explain adds to parts, one a feature, what each feature moves the score by: a
// question moves it from the mean of the leaves that were left before it to the
// mean of those that are left behind it. The parts sum up to the score less
// what [Model.Base] returns.
func (m *Model) Explain(features, parts []float32) {
	for i := range m.trees {
		t := &m.trees[i]
		leaf := t.leaf(features)
		before := t.mean(0, 0)
		for d, f := range t.Features {
			mask := 1<<(d+1) - 1
			behind := t.mean(leaf&mask, mask)
			parts[f] += behind - before
			before = behind
		}
	}
}

// Base is the score before any question is answered.
func (m *Model) Base() float32 {
	var sum float32
	for i := range m.trees {
		sum += m.trees[i].mean(0, 0)
	}
	return sum
}

// mean is that of the leaves whose numbers agree with bits under the mask.
func (t *Tree) mean(bits, mask int) float32 {
	var sum float32
	n := 0
	for leaf, x := range t.Leaves {
		if leaf&mask == bits {
			sum += x
			n++
		}
	}
	return sum / float32(n)
}

// Package trees evaluates the learned ranker: gradient-boosted oblivious trees that
// compute a correction of a candidate's score from its features. Start with [Load]
// and [Model.Scores].
package trees

import (
	"slices"

	"dalil/vector"
)

// Depth is the depth of each tree; a tree has 1 << Depth leaves.
const Depth = 3

// leaves is how many leaves a tree has.
const leaves = 1 << Depth

// Tree compares the same Depth features of every candidate with thresholds. The
// results are the bits of the leaf's number; the first comparison is the lowest
// bit.
type Tree struct {
	Features   [Depth]int
	Thresholds [Depth]float32
	Leaves     [leaves]float32
}

// Model is a sum of trees. It is immutable and safe for concurrent use.
type Model struct {
	features []string
	trees    []Tree
	packed   []vector.Tree // the same
}

// New returns a model of the trees. Their Features are indexes into names.
func New(features []string, trees []Tree) *Model {
	m := &Model{features: slices.Clone(features)}
	for _, t := range trees {
		m.add(t)
	}
	return m
}

func (m *Model) add(t Tree) {
	m.trees = append(m.trees, t)
	packed := vector.Tree{Thresholds: t.Thresholds, Leaves: t.Leaves}
	for d, f := range t.Features {
		packed.Features[d] = int32(f)
	}
	m.packed = append(m.packed, packed)
}

// Features returns the names of the features, in the order that Score needs.
func (m *Model) Features() []string { return slices.Clone(m.features) }

// Trees returns the number of trees.
func (m *Model) Trees() int { return len(m.trees) }

// Score returns the sum of the leaves that the features lead to.
func (m *Model) Score(features []float32) float32 {
	var sum float32
	for i := range m.trees {
		t := &m.trees[i]
		sum += t.Leaves[t.leaf(features)]
	}
	return sum
}

// Scores sets the [Model.Score] of several candidates. columns has one row for each
// feature, with that of every candidate.
func (m *Model) Scores(scores, columns []float32) { vector.SumTrees(scores, columns, m.packed) }

// leaf has no branches, because the processor would mispredict half of them.
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

// Explain adds the effect of each feature on the score to parts, which has one
// element per feature. The effect of a comparison is the mean of the leaves that
// remain after it minus the mean of those before it. The sum of the parts is the
// score minus [Model.Base].
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

// Base returns the score before any comparison.
func (m *Model) Base() float32 {
	var sum float32
	for i := range m.trees {
		sum += m.trees[i].mean(0, 0)
	}
	return sum
}

// mean returns the mean of the leaves whose numbers agree with bits under the mask.
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

package lexical

import (
	"slices"
	"testing"
)

// A word that joins a question has a share of its weight. What the question asks for keeps its weight, and a word that
// joins twice has the larger one.
func TestWordsThatJoinHaveAShareOfTheirWeight(t *testing.T) {
	a := NewAnalyzer()
	x := NewExpander(a, nil, ExpandOptions{})
	var v held
	weight := func(q Question, word string) float32 {
		at, found := slices.BinarySearch(q.Sparse.Dimensions, Hash(a.Stem(word)))
		if !found {
			t.Fatalf("no weight of %s", word)
		}
		return q.Sparse.Weights[at]
	}
	question := x.Question("red harbour", v, false)
	first, second := x.Question("blue harbour zebra", v, false), x.Question("zebra blue apple", v, false)
	before := question.Sparse
	question.Join([]Part{{Question: &second, Groups: []int{0, 1}, Share: 0.2}, {Question: &first, Groups: []int{0, 1}, Share: 0.5}})
	if !slices.IsSorted(question.Sparse.Dimensions) || question.Sparse.Len() < before.Len()+2 {
		t.Fatalf("dimensions %v joined %v", question.Sparse.Dimensions, before.Dimensions)
	}
	for word, want := range map[string]float32{"red": 1, "harbour": 1, "blue": 0.5, "zebra": 0.2} {
		of := second
		if want == 1 {
			of = x.Question("red harbour", v, false)
		}
		if got := weight(question, word) / weight(of, word); got < want-0.001 || got > want+0.001 {
			t.Errorf("%s has %.3f of its weight, want %.3f", word, got, want)
		}
	}
	if slices.Contains(question.Sparse.Dimensions, Hash(a.Stem("apple"))) {
		t.Error("a word that was not named joined")
	}
}

// held is an index of ten passages, each word in two of them.
type held struct{}

func (held) Frequency(uint32) int { return 2 }
func (held) Passages() int        { return 10 }

package evaluation_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"dalil/corpus"
	"dalil/evaluation"
)

func TestCompare(t *testing.T) {
	got := evaluation.Compare([]string{"same", "turned", "other", "empty"},
		[][]string{{"a", "a", "b"}, {"a", "b", "c"}, {"a", "b"}, nil},
		[][]string{{"a", "b", "b"}, {"c", "b", "a"}, {"x", "b", "y", "z"}, nil})
	want := corpus.Comparison{
		Questions: 4, Overlap: (1 + 1 + 0.25 + 1) / 4, Moved: (4.0 / 3) / 4, SameFirst: 2.0 / 4,
		Most: []corpus.Change{{Question: "other", Overlap: 0.25}, {Question: "turned", Overlap: 1, Moved: 4.0 / 3}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

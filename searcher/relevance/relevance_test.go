package relevance_test

import (
	"errors"
	"math"
	"strings"
	"testing"

	"dalil/corpus"
	"dalil/searcher"
	"dalil/searcher/relevance"
	"dalil/searcher/trees"
)

var signs = []string{"a", "b"}

func table(t *testing.T) *relevance.Table {
	t.Helper()
	tree := trees.Tree{Features: [trees.Depth]int{0, 1, 1}, Thresholds: [trees.Depth]float32{.5, .5, .7}}
	tree.Leaves = [1 << trees.Depth]float32{-1, 1, -1, 1, -1, 1, -1, 2}
	return relevance.New("some", trees.New(signs, []trees.Tree{tree}), []float32{0, .25}, -.5, relevance.Limits{Weak: .2, Sufficient: .6})
}

func TestATableGivesProbabilitiesAndGrades(t *testing.T) {
	written := table(t)
	read, err := relevance.Load(written.Encode(), signs)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		signs []float32
		want  float64
		grade corpus.Evidence
	}{
		{[]float32{0, 0}, 1 / (1 + math.Exp(1.5)), corpus.EvidenceNone},
		{[]float32{1, 0}, 1 / (1 + math.Exp(-.5)), corpus.EvidenceSufficient},
		{[]float32{1, 1}, 1 / (1 + math.Exp(-1.75)), corpus.EvidenceSufficient},
	} {
		got := read.Probability(c.signs)
		if math.Abs(float64(got)-c.want) > 1e-5 || got != written.Probability(c.signs) {
			t.Errorf("%v: probability %.4f, want %.4f", c.signs, got, c.want)
		}
		if grade := read.Grade(got); grade != c.grade {
			t.Errorf("%v: %v, want %v", c.signs, grade, c.grade)
		}
	}
	if got := read.Grade(.3); got != corpus.EvidenceWeak || read.Kind() != "some" {
		t.Errorf("grade of .3 in a table of %s: %v", read.Kind(), got)
	}
}

func TestABrokenTableIsRefused(t *testing.T) {
	whole := string(table(t).Encode())
	for name, data := range map[string]string{
		"no JSON":        "{",
		"another format": strings.Replace(whole, "relevance 4", "relevance 9", 1),
		"no kind":        strings.Replace(whole, `"some"`, `""`, 1),
		"limits":         strings.Replace(whole, `"weak":0.2`, `"weak":0.9`, 1),
		"base":           strings.Replace(whole, `"base":-0.5`, `"base":1e9`, 1),
		"weights":        strings.Replace(whole, `"linear":[0,0.25]`, `"linear":[0]`, 1),
		"other signs":    strings.Replace(whole, `["a","b"]`, `["a","c"]`, 1),
		"a wild tree":    strings.Replace(whole, `"f":[0,1,1]`, `"f":[0,1,7]`, 1),
	} {
		if data == whole {
			t.Fatalf("%s: the table was not changed", name)
		}
		if _, err := relevance.Load([]byte(data), signs); !errors.Is(err, corpus.ErrCorrupt) {
			t.Errorf("%s: error %v, want one that is corrupt", name, err)
		}
	}
}

func TestTheBuiltInTable(t *testing.T) {
	built, err := relevance.Open("static", searcher.SignNames())
	if err != nil || built == nil || built.Kind() != "static" {
		t.Fatalf("table %v, error %v", built, err)
	}
	for _, kind := range []string{"no-such-kind", "", "../relevance", "static.json"} {
		if other, err := relevance.Open(kind, searcher.SignNames()); other != nil || err != nil {
			t.Errorf("%q: table %v, error %v; want none", kind, other, err)
		}
	}
}

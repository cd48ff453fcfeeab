package corpus_test

import (
	"math"
	"strings"
	"testing"

	"dalil/corpus"
)

func TestQueryViolations(t *testing.T) {
	nan, one, zero := float32(math.NaN()), float32(1), float32(0)
	limits := corpus.Limits{QueryBytes: 8, PageSize: 20, Neighbours: 2, FilterClauses: 2, FilterBytes: 4}
	for name, test := range map[string]struct {
		query  corpus.Query
		limits corpus.Limits
		want   string // the fields, with a space after each
	}{
		"the least":                 {corpus.Query{Text: "q"}, limits, ""},
		"the most":                  {corpus.Query{Text: "12345678", Limit: 20, Neighbours: 2, Effort: corpus.MaxEffort, MinDense: &one, MinCoverage: &one}, limits, ""},
		"no limits":                 {corpus.Query{Text: strings.Repeat("q", 1<<20), Limit: 1 << 20, Neighbours: corpus.MaxNeighbours}, corpus.Limits{}, ""},
		"all at once":               {corpus.Query{Limit: -1, Offset: -1, Neighbours: 6, Effort: -1}, corpus.Limits{}, "query page_size offset neighbours effort "},
		"too long":                  {corpus.Query{Text: "123456789"}, limits, "query "},
		"signs alone":               {corpus.Query{Text: "?!"}, limits, "query "},
		"not UTF-8":                 {corpus.Query{Text: "a\xff"}, limits, "query "},
		"a server's own limits":     {corpus.Query{Text: "q", Limit: 21, Neighbours: 3}, limits, "page_size neighbours "},
		"not numbers":               {corpus.Query{Text: "q", MinDense: &nan, MinCoverage: &nan}, limits, "min_dense_similarity min_lexical_coverage "},
		"an arm that is none":       {corpus.Query{Text: "q", Arms: []corpus.Arm{corpus.Dense, 9}}, limits, "arms[1] "},
		"a method that is none":     {corpus.Query{Text: "q", Fusion: corpus.Fusion{Method: 9, K: 1001}}, limits, "fusion.method fusion.k "},
		"weights of nothing":        {corpus.Query{Text: "q", Fusion: corpus.Fusion{DenseWeight: &zero, LexicalWeight: &zero}}, limits, "fusion "},
		"a filter of nothing":       {corpus.Query{Text: "q", Filter: corpus.Filter{Any: []corpus.Filter{}}}, limits, "filter.any.filters "},
		"a filter of many bytes":    {corpus.Query{Text: "q", Filter: corpus.Filter{In: &corpus.In{Field: corpus.FieldTag, Values: []string{"12345"}}}}, limits, "filter "},
		"a filter of many clauses":  {corpus.Query{Text: "q", Filter: corpus.Filter{In: &corpus.In{Field: corpus.FieldTag, Values: []string{"1", "2", "3"}}}}, limits, "filter "},
		"the same without a server": {corpus.Query{Text: "q", Filter: corpus.Filter{In: &corpus.In{Field: corpus.FieldTag, Values: []string{"12345", "2", "3"}}}}, corpus.Limits{}, ""},
	} {
		got := ""
		for _, v := range test.query.Violations(test.limits) {
			got += v.Field + " "
		}
		if got != test.want {
			t.Errorf("%s: got %q, want %q", name, got, test.want)
		}
	}
}

func TestIDViolations(t *testing.T) {
	for id, want := range map[string]string{
		"a": "", "مقال-1": "", strings.Repeat("x", 512): "", "": "empty", strings.Repeat("x", 513): "512", "a\x00": "U+0000", "\xff": "UTF-8",
	} {
		got := ""
		for _, v := range corpus.IDViolations("id", id, corpus.MaxIDBytes) {
			got += v.Description
		}
		if got == "" != (want == "") || !strings.Contains(got, want) {
			t.Errorf("%.20q: got %q, want one that names %q", id, got, want)
		}
	}
}

func TestIDF(t *testing.T) {
	for _, test := range []struct{ passages, holding, want float64 }{
		{100, 1, math.Log(1 + 99.5/1.5)},
		{100, 100, math.Log(1 + 0.5/100.5)},
		{0, 0, math.Log(2)},
		{3, 7, math.Log(1 + 0.5/7.5)}, // the count of passages lags behind
	} {
		if got := corpus.IDF(test.passages, test.holding); math.Abs(got-test.want) > 1e-12 {
			t.Errorf("%g of %g: got %g, want %g", test.holding, test.passages, got, test.want)
		}
	}
	if corpus.IDF(100, 7) != corpus.IDF(100.0, 7.0) {
		t.Error("integers give another value than floats")
	}
}

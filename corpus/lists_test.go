package corpus_test

import (
	"fmt"
	"testing"
	"time"

	"dalil/corpus"
)

func texts(prefix string, n int) []string {
	all := make([]string, n)
	for i := range all {
		all[i] = fmt.Sprint(prefix, i)
	}
	return all
}

// fastest is the shortest of some runs.
func fastest(do func()) (took time.Duration) {
	for round := range 7 {
		began := time.Now()
		do()
		if spent := time.Since(began); round == 0 || spent < took {
			took = spent
		}
	}
	return took
}

// A document of thousands of tags is compared with a filter of hundreds of values in the time of
// both lists, and not of their product.
func TestManyTagsAndValues(t *testing.T) {
	items := texts("tag", 20_000)
	d := corpus.Document{Tags: items, Metadata: map[string]corpus.Value{"k": corpus.List(items...)}}
	for name, filter := range map[string]func(values []string) corpus.Filter{
		"tags": func(values []string) corpus.Filter {
			return corpus.Filter{In: &corpus.In{Field: corpus.FieldTag, Values: values}}
		},
		"metadata": func(values []string) corpus.Filter {
			m := &corpus.MetadataMatch{Key: "k", Values: []corpus.Value{corpus.Number(7)}}
			for _, v := range values {
				m.Values = append(m.Values, corpus.String(v))
			}
			return corpus.Filter{Metadata: m}
		},
	} {
		measure := func(n int) time.Duration {
			f := filter(texts("not", n))
			return fastest(func() {
				if f.Match(&d) {
					t.Errorf("%s: %d other values match", name, n)
				}
			})
		}
		if one, many := measure(100), measure(1600); many > 6*one {
			t.Errorf("%s: 100 values take %v, 1,600 take %v", name, one, many)
		}
		for _, n := range []int{3, 300} {
			if f := filter(append(texts("not", n), "tag19999")); !f.Match(&d) {
				t.Errorf("%s: one of %d values does not match", name, n+1)
			}
			if f := filter(append(texts("not", n), "")); f.Match(&corpus.Document{Tags: append(texts("tag", 600), "")}) {
				t.Errorf("%s: an empty value matches", name)
			}
		}
	}
}

func TestFacetsOfManyTags(t *testing.T) {
	measure := func(n int) time.Duration {
		d := corpus.Document{Tags: append(texts("tag", n), "tag3", "", "tag0")}
		return fastest(func() {
			values := corpus.FacetField{Kind: corpus.FacetTag}.Values(&d)
			if len(values) != n || values[0].Text() != "tag0" || values[n-1].Text() != fmt.Sprint("tag", n-1) {
				t.Errorf("%d values, want each of %d once and in order", len(values), n)
			}
		})
	}
	measure(10)
	if few, many := measure(1000), measure(16_000); many > 80*few {
		t.Errorf("the values of 1,000 tags take %v, those of 16,000 take %v", few, many)
	}
}

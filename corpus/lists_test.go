package corpus_test

import (
	"fmt"
	"testing"
	"time"

	"dalil/corpus"
	"dalil/internal/growth"
)

func texts(prefix string, n int) []string {
	all := make([]string, n)
	for i := range all {
		all[i] = fmt.Sprint(prefix, i)
	}
	return all
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
			return growth.Fastest(7, func() {
				if f.Match(&d) {
					t.Errorf("%s: %d other values match", name, n)
				}
			})
		}
		growth.AtMost(t, name+": 1,600 values, compared with 100", 6, func() (_, _ time.Duration) { return measure(100), measure(1600) })
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
		return growth.Fastest(7, func() {
			values := corpus.FacetField{Kind: corpus.FacetTag}.Values(&d)
			if len(values) != n || values[0].Text() != "tag0" || values[n-1].Text() != fmt.Sprint("tag", n-1) {
				t.Errorf("%d values, want each of %d once and in order", len(values), n)
			}
		})
	}
	measure(10)
	growth.AtMost(t, "16,000 tags, compared with 1,000", 80, func() (_, _ time.Duration) { return measure(1000), measure(16_000) })
}

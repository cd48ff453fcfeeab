package local_test

import (
	"slices"
	"strconv"
	"testing"
	"time"

	"dalil/corpus"
	"dalil/store"
	"dalil/store/local"
	"dalil/store/storetest"
)

// BenchmarkFilters asks the same questions under filters of each kind in turn, of 100,000
// passages in 20,000 documents, a hundredth of them of a tenant. It prints the median time
// of each arm in µs, and its ratio to the time without a filter. "Share" is how many of the
// documents a filter keeps.
func BenchmarkFilters(b *testing.B) {
	s, err := local.Open(b.Context(), local.Options{Dir: b.TempDir(), Pipeline: benchPipeline()})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { s.Close() })
	if _, err := s.Create(b.Context(), store.Settings{Pipeline: benchPipeline(), AverageLength: 70}); err != nil {
		b.Fatal(err)
	}
	const documents = benchPassages / benchChunks
	bound, g := store.Bound(s), newGenerator(1)
	for n := 0; n < documents; n += 50 {
		small, rest := []store.Entry{}, []store.Entry{}
		for i := n; i < n+50; i++ {
			e := g.entry(i)
			e.Document.Metadata = map[string]corpus.Value{"n": corpus.Number(float64(i)), "s": corpus.String(strconv.Itoa(i % 100))}
			if i%100 == 7 {
				small = append(small, e)
			} else {
				rest = append(rest, e)
			}
		}
		for tenant, entries := range map[string][]store.Entry{"": rest, "small": small} {
			if err := storetest.As(bound, corpus.Operator(tenant)).Put(b.Context(), entries); err != nil {
				b.Fatal(err)
			}
		}
	}
	in := func(field corpus.Field, prefix string, n int) corpus.Filter {
		values := make([]string, n)
		for i := range values {
			values[i] = prefix + strconv.Itoa(i)
		}
		return corpus.Filter{In: &corpus.In{Field: field, Values: values}}
	}
	days := func(n int) corpus.Filter {
		first := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
		return corpus.Filter{Published: &corpus.Published{From: first, Until: first.AddDate(0, 0, n)}}
	}
	below := func(n float64) corpus.Filter {
		return corpus.Filter{Metadata: &corpus.MetadataMatch{Key: "n", Max: &n}}
	}
	tests := []struct {
		name   string
		share  float64
		filter corpus.Filter
		tenant *string
	}{
		{name: "none", share: 1},
		{name: "1 of 100 authors", share: .01, filter: in(corpus.FieldAuthor, "author ", 5)},
		{name: "18 of 20 sources", share: .9, filter: in(corpus.FieldSource, "feed-", 18)},
		{name: "7 of 700 days", share: .01, filter: days(7)},
		{name: "630 of 700 days", share: .9, filter: days(630)},
		{name: "number, narrow", share: .01, filter: below(documents*.01 - 1)},
		{name: "number, broad", share: .9, filter: below(documents*.9 - 1)},
		{name: "string", share: .01, filter: corpus.Filter{Metadata: &corpus.MetadataMatch{Key: "s", Values: []corpus.Value{corpus.String("5")}}}},
		{name: "small tenant", share: .01, tenant: new("small")},
		{name: "others", share: .99, tenant: new("")},
	}
	questions := benchQuestions(11)[:128]
	times := make([][2][]float64, len(tests))
	for n := 0; b.Loop(); n++ {
		for i := range tests {
			for arm := range 2 {
				reader := store.Store(s)
				if tests[i].tenant != nil {
					reader = storetest.As(bound, corpus.Operator(*tests[i].tenant))
				}
				query := questions[n%len(questions)][arm]
				query.Filter = tests[i].filter
				began := time.Now()
				if _, err := reader.Search(b.Context(), []store.ArmQuery{query}); err != nil {
					b.Fatal(err)
				}
				times[i][arm] = append(times[i][arm], float64(time.Since(began).Nanoseconds())/1000)
			}
		}
	}
	median := func(i, arm int) float64 {
		slices.Sort(times[i][arm])
		return times[i][arm][len(times[i][arm])/2]
	}
	for i, test := range tests {
		b.Logf("%-18s share %.2f  dense %5.0f µs (%.2f)  sparse %5.0f µs (%.2f)", test.name, test.share,
			median(i, 0), median(i, 0)/median(0, 0), median(i, 1), median(i, 1)/median(0, 1))
	}
}

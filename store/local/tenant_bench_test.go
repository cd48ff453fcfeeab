package local_test

import (
	"fmt"
	"testing"

	"dalil/corpus"
	"dalil/store"
	"dalil/store/local"
	"dalil/store/storetest"
)

// BenchmarkTenants compares a search of one tenant of 1,000 with one of an index without
// tenants, both of 100,000 passages. The vocabulary is read as the read path reads it.
func BenchmarkTenants(b *testing.B) {
	const tenants = 1000
	fill := func(tenantOf func(n int) string) *local.Store {
		s, err := local.Open(b.Context(), local.Options{Dir: b.TempDir(), Pipeline: benchPipeline()})
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { s.Close() })
		if _, err := s.Create(b.Context(), store.Settings{Pipeline: benchPipeline(), AverageLength: 70}); err != nil {
			b.Fatal(err)
		}
		bound, g := store.Bound(s), newGenerator(1)
		for n := range 100_000 / benchChunks {
			if err := storetest.As(bound, corpus.Operator(tenantOf(n))).Put(b.Context(), []store.Entry{g.entry(n)}); err != nil {
				b.Fatal(err)
			}
		}
		return s
	}
	for name, tenantOf := range map[string]func(int) string{
		"none": func(int) string { return "" }, "one of 1,000": func(n int) string { return fmt.Sprint("t", n%tenants) },
	} {
		b.Run(name, func(b *testing.B) {
			bound, questions := store.Bound(fill(tenantOf)), benchQuestions(7)
			b.ResetTimer()
			for i := 0; b.Loop(); i++ {
				s := storetest.As(bound, corpus.Operator(tenantOf(i%50)))
				arms := questions[i%len(questions)]
				v, err := s.Vocabulary(b.Context())
				if err != nil {
					b.Fatal(err)
				}
				for _, d := range arms[1].Sparse.Dimensions {
					v.Frequency(d)
				}
				if _, err := s.Search(b.Context(), arms); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

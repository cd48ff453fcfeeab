package app

import (
	"fmt"
	"log/slog"
	"slices"
	"testing"
	"time"

	"dalil/corpus"
	"dalil/embedder"
	"dalil/store"
)

// BenchmarkRecall measures, for settings of the approximate index, how many of the
// ten nearest passages a search finds and how long it takes. It needs what
// BenchmarkReadPath needs.
func BenchmarkRecall(b *testing.B) {
	c, asked := measured(b)
	var nearest [][]store.Hit
	for _, oversampling := range []float64{1, 2, 3} {
		c.Store.Oversampling = oversampling
		a, err := Open(b.Context(), c, slog.New(slog.DiscardHandler))
		if err != nil {
			b.Fatal(err)
		}
		g := a.generation.g
		vectors, err := g.embedder.Embed(b.Context(), embedder.Query, asked)
		if err != nil {
			b.Fatal(err)
		}
		ask := func(v corpus.Vector, arm store.ArmQuery) []store.Hit {
			arm.Dense, arm.Limit = v, 10
			found, err := g.opened.Search(b.Context(), []store.ArmQuery{arm})
			if err != nil {
				b.Fatal(err)
			}
			return found[0]
		}
		if nearest == nil {
			var times []time.Duration
			for _, v := range vectors.Vectors {
				start := time.Now()
				nearest = append(nearest, ask(v, store.ArmQuery{Exact: true}))
				times = append(times, time.Since(start))
			}
			slices.Sort(times)
			fmt.Printf("exact: p50 %v\n", times[len(times)/2])
		}
		for _, effort := range []int{32, 64, 128, 256, 512, 1024} {
			var times []time.Duration
			found := 0
			for i, v := range vectors.Vectors {
				start := time.Now()
				hits := ask(v, store.ArmQuery{Effort: effort})
				times = append(times, time.Since(start))
				for _, h := range hits {
					if slices.ContainsFunc(nearest[i], func(n store.Hit) bool { return n.ID == h.ID }) {
						found++
					}
				}
			}
			slices.Sort(times)
			recall := float64(found) / float64(10*len(asked))
			fmt.Printf("effort %4d, oversampling %g: recall@10 %.4f, p50 %v\n", effort, oversampling, recall, times[len(times)/2])
		}
		if err := a.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

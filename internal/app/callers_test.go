package app

import (
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"dalil/corpus"
)

// BenchmarkCallers measures how long questions take, and how many are answered a
// second, with one caller and with eight. It needs what BenchmarkReadPath needs.
func BenchmarkCallers(b *testing.B) {
	c, asked := measured(b)
	a, err := Open(b.Context(), c, slog.New(slog.DiscardHandler))
	if err != nil {
		b.Fatal(err)
	}
	defer a.Close()
	no := false
	for _, kind := range []struct {
		name  string
		query corpus.Query
	}{
		{"dense", corpus.Query{Arms: []corpus.Arm{corpus.Dense}, Rerank: &no}},
		{"lexical", corpus.Query{Arms: []corpus.Arm{corpus.Lexical}, Rerank: &no}},
		{"both arms", corpus.Query{Rerank: &no}},
		{"default", corpus.Query{}},
	} {
		for _, callers := range []int{1, 8} {
			times := make([]time.Duration, len(asked))
			start := time.Now()
			var all sync.WaitGroup
			for caller := range callers {
				all.Go(func() {
					for i := caller; i < len(asked); i += callers {
						q := kind.query
						q.Text, q.Limit = asked[i], 10
						begun := time.Now()
						if _, err := a.Search(corpus.WithPrincipal(b.Context(), corpus.Operator("")), q); err != nil {
							b.Error(err)
							return
						}
						times[i] = time.Since(begun)
					}
				})
			}
			all.Wait()
			took := time.Since(start)
			slices.Sort(times)
			fmt.Printf("%s, %d callers: p50 %v, p99 %v, %.0f a second\n", kind.name, callers,
				times[len(times)/2].Round(10*time.Microsecond), times[len(times)*99/100].Round(10*time.Microsecond), float64(len(asked))/took.Seconds())
		}
	}
}

package openai_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"dalil/embedder"
)

// BenchmarkCallers measures what 32 callers get from a live endpoint when each
// question is a call of its own, and when questions that wait travel together.
// It needs what TestLawsLive needs.
func BenchmarkCallers(b *testing.B) {
	const callers, each = 32, 32
	e := live(b)
	var rates []float64
	for _, way := range []struct {
		name     string
		embedder embedder.Embedder
	}{
		{"one by one", e},
		{"together", embedder.Grouped(e, embedder.GroupOptions{})},
	} {
		times := make([][]time.Duration, callers)
		ask := func(n int) time.Duration {
			start := time.Now()
			var all sync.WaitGroup
			for caller := range callers {
				all.Go(func() {
					for i := range n {
						text := fmt.Sprintf("poverty reduction cooperation %d %d", i, caller)
						begun := time.Now()
						if _, err := way.embedder.Embed(b.Context(), embedder.Query, []string{text}); err != nil {
							b.Error(err)
							return
						}
						times[caller] = append(times[caller], time.Since(begun))
					}
				})
			}
			all.Wait()
			return time.Since(start)
		}
		ask(4) // to warm up
		clear(times)
		took := ask(each)
		whole := slices.Sorted(slices.Values(slices.Concat(times...)))
		rates = append(rates, callers*each/took.Seconds())
		fmt.Printf("%s: %.0f questions a second, p50 %v, p99 %v\n", way.name, rates[len(rates)-1],
			whole[len(whole)/2].Round(100*time.Microsecond), whole[len(whole)*99/100].Round(100*time.Microsecond))
	}
	b.ReportMetric(rates[1]/rates[0], "together/one-by-one")
}

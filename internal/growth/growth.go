// Package growth helps tests to check how the time of some work grows with its input.
package growth

import (
	"testing"
	"time"
)

// rounds is how often a ratio is measured again, because other work on the machine makes a
// measurement wrong.
const rounds = 15

// Fastest is the shortest time of n runs.
func Fastest(n int, do func()) (took time.Duration) {
	for round := range n {
		began := time.Now()
		do()
		if spent := time.Since(began); round == 0 || spent < took {
			took = spent
		}
	}
	return took
}

// AtMost fails the test if the second time is more than most times the first one whenever both
// are measured.
func AtMost(t testing.TB, what string, most float64, measure func() (first, second time.Duration)) {
	t.Helper()
	var lowest float64
	for round := range rounds {
		first, second := measure()
		if ratio := float64(second) / float64(max(first, 1)); round == 0 || ratio < lowest {
			lowest = ratio
		}
		if lowest <= most {
			return
		}
	}
	t.Errorf("%s: %.1f times as long, want at most %.0f times", what, lowest, most)
}

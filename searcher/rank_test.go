package searcher

import (
	"cmp"
	"encoding/binary"
	"math"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestSortCandidatesIsByScoreAndID(t *testing.T) {
	near := []float64{0, math.Copysign(0, -1), 1, math.Nextafter(1, 2), math.Nextafter(1, 0), -1, math.Nextafter(-1, 0), math.Inf(1), math.Inf(-1), 3e-320, math.NaN()}
	rapid.Check(t, func(t *rapid.T) {
		scores := rapid.SliceOfN(rapid.OneOf(rapid.SampledFrom(near), rapid.Float64()), 0, 300).Draw(t, "scores")
		candidates := make([]candidate, len(scores))
		for i, x := range scores {
			candidates[i].final = x
			candidates[i].hit.ID[0] = byte(rapid.IntRange(0, 255).Draw(t, "id"))
			candidates[i].hit.ID[1], candidates[i].hit.ID[2] = byte(i>>8), byte(i)
		}
		want := slices.Clone(candidates)
		slices.SortFunc(want, func(a, b candidate) int {
			return cmp.Or(cmp.Compare(b.final, a.final), a.hit.ID.Compare(b.hit.ID))
		})
		sortCandidates(candidates)
		for i := range want {
			if candidates[i].hit.ID != want[i].hit.ID {
				t.Fatalf("at %d: got %v with %v, want %v with %v", i, candidates[i].hit.ID, candidates[i].final, want[i].hit.ID, want[i].final)
			}
		}
	})
}

// Passages of equal texts have equal scores. Their order may be the opposite of that of ids.
func TestSortCandidatesOfEqualScoresIsNotQuadratic(t *testing.T) {
	for name, score := range map[string]func(i int) float64{
		"equal":      func(int) float64 { return 1 },
		"zeros":      func(i int) float64 { return math.Copysign(0, float64(i%2)-0.5) },
		"near":       func(i int) float64 { return 1 + float64(i%64)*0x1p-52 },
		"no numbers": func(i int) float64 { return []float64{1, math.NaN()}[i%2] },
	} {
		candidates := make([]candidate, 30_000)
		for i := range candidates {
			candidates[i].final = score(i)
			binary.BigEndian.PutUint32(candidates[i].hit.ID[:], uint32(len(candidates)-i))
		}
		start := time.Now()
		sortCandidates(candidates)
		if took := time.Since(start); took > 3*time.Second {
			t.Errorf("%s: sorting took %v, so its time is quadratic", name, took)
		}
		if !slices.IsSortedFunc(candidates, func(a, b candidate) int { return inOrder(&a, &b) }) {
			t.Errorf("%s: not sorted", name)
		}
	}
}

package trees_test

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"dalil/corpus"
	"dalil/searcher/trees"
)

var names = []string{"a", "b", "c"}

var byHand = trees.New(names, []trees.Tree{
	{Features: [3]int{0, 1, 2}, Thresholds: [3]float32{1, 2, 3}, Leaves: [8]float32{0, 1, 2, 3, 4, 5, 6, 7}},
	{Features: [3]int{2, 2, 0}, Thresholds: [3]float32{0, 5, 1}, Leaves: [8]float32{.5, 0, 0, 0, 0, 0, 0, -1}},
})

func TestScoreByHand(t *testing.T) {
	for _, test := range []struct {
		features []float32
		want     float32
	}{
		{[]float32{0, 0, 0}, .5},
		{[]float32{1, 2, 3}, 0}, // at a threshold is not above it
		{[]float32{2, 0, 4}, 5},
		{[]float32{2, 3, 6}, 6},
	} {
		if got := byHand.Score(test.features); got != test.want {
			t.Errorf("score of %v is %v, want %v", test.features, got, test.want)
		}
	}
}

func TestScoresAreThoseOfEachCandidate(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 20).Draw(t, "candidates")
		columns := rapid.SliceOfN(rapid.Float32Range(-1, 7), 3*n, 3*n).Draw(t, "columns")
		scores := make([]float32, n)
		byHand.Scores(scores, columns)
		for i, got := range scores {
			if want := byHand.Score([]float32{columns[i], columns[n+i], columns[2*n+i]}); got != want {
				t.Fatalf("score of candidate %d of %d is %v, want %v", i, n, got, want)
			}
		}
	})
}

func TestTheExplanationSumsUpToTheScore(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		features := rapid.SliceOfN(rapid.Float32Range(-1, 7), 3, 3).Draw(t, "features")
		parts := make([]float32, 3)
		byHand.Explain(features, parts)
		sum := byHand.Base() + parts[0] + parts[1] + parts[2]
		if want := byHand.Score(features); math.Abs(float64(sum-want)) > 1e-5 {
			t.Fatalf("base and parts %v sum up to %v, the score is %v", parts, sum, want)
		}
	})
}

func TestAModelIsReadAsItWasWritten(t *testing.T) {
	again, err := trees.Load(byHand.Encode(), names)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(byHand.Encode()), string(again.Encode())); diff != "" {
		t.Errorf("written again (-want +got):\n%s", diff)
	}
}

func TestABrokenModelIsRefused(t *testing.T) {
	good := string(byHand.Encode())
	for _, test := range []struct{ name, file, want string }{
		{"not JSON", "{", "unexpected end"},
		{"another format", strings.Replace(good, "ranker 1", "ranker 9", 1), "format"},
		{"other features", strings.Replace(good, `"b"`, `"d"`, 1), "other features"},
		{"no such feature", strings.Replace(good, "[0,1,2]", "[0,1,3]", 1), "feature 3 of 3"},
		{"a leaf too few", strings.Replace(good, "[0,1,2,3,4,5,6,7]", "[0,1,2,3,4,5,6]", 1), "7 leaves"},
		{"a huge leaf", strings.Replace(good, "-1]", "-1e30]", 1), "-1e+30"},
	} {
		_, err := trees.Load([]byte(test.file), names)
		if !errors.Is(err, corpus.ErrCorrupt) || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: error %v, want one with %q", test.name, err, test.want)
		}
	}
}

// BenchmarkScores scores 50 candidates with 60 trees, together and one by one.
func BenchmarkScores(b *testing.B) {
	const features, candidates = 24, 50
	tree := trees.Tree{Thresholds: [3]float32{.5, .5, .5}}
	many := make([]trees.Tree, 60)
	for i := range many {
		many[i] = tree
		many[i].Features = [3]int{i % features, (i * 7) % features, (i * 11) % features}
	}
	m := trees.New(make([]string, features), many)
	rows, columns := make([][features]float32, candidates), make([]float32, features*candidates)
	for i := range rows {
		for f := range rows[i] {
			rows[i][f] = float32((i*31+f*17)%100) / 100
			columns[f*candidates+i] = rows[i][f]
		}
	}
	b.Run("together", func(b *testing.B) {
		scores := make([]float32, candidates)
		for b.Loop() {
			m.Scores(scores, columns)
		}
	})
	b.Run("one by one", func(b *testing.B) {
		for b.Loop() {
			for i := range rows {
				m.Score(rows[i][:])
			}
		}
	})
}

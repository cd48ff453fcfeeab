package vector_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"dalil/vector"
)

func treesOf(random *rand.Rand, n, features int) []vector.Tree {
	trees := make([]vector.Tree, n)
	for i := range trees {
		t := &trees[i]
		for d := range t.Features {
			t.Features[d], t.Thresholds[d] = int32(random.IntN(features)), float32(random.IntN(5))
		}
		for k := range t.Leaves {
			t.Leaves[k] = random.Float32() - .5
		}
	}
	return trees
}

func TestTheSumOfTreesIsThatOfTheirLeaves(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		features, n := rapid.IntRange(1, 9).Draw(t, "features"), rapid.IntRange(0, 40).Draw(t, "candidates")
		trees := treesOf(random, rapid.IntRange(0, 20).Draw(t, "trees"), features)
		columns := make([]float32, features*n)
		for i := range columns {
			if columns[i] = float32(random.IntN(5)); random.IntN(8) == 0 {
				columns[i] = float32(math.NaN())
			}
		}
		got, want := slices.Repeat([]float32{7}, n), make([]float32, n)
		for i := range want {
			for _, tree := range trees {
				leaf := 0
				for d, f := range tree.Features {
					if columns[int(f)*n+i] > tree.Thresholds[d] {
						leaf += 1 << d
					}
				}
				want[i] += tree.Leaves[leaf]
			}
		}
		vector.SumTrees(got, columns, trees)
		if !slices.Equal(got, want) {
			t.Fatalf("got %v, want %v", got, want)
		}
	})
}

func TestSumTreesRefusesWhatDoesNotFit(t *testing.T) {
	for name, feature := range map[string]int32{"a feature behind": 2, "a feature before": -1} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("it did not panic")
				}
			}()
			vector.SumTrees(make([]float32, 8), make([]float32, 16), []vector.Tree{{Features: [3]int32{0, feature, 1}}})
		})
	}
}

// 100 trees are summed for 50 candidates of 29 features.
func BenchmarkSumTrees(b *testing.B) {
	random := rand.New(rand.NewPCG(1, 2))
	trees, columns := treesOf(random, 100, 29), make([]float32, 29*50)
	for i := range columns {
		columns[i] = 5 * random.Float32()
	}
	sums := make([]float32, 50)
	for b.Loop() {
		vector.SumTrees(sums, columns, trees)
	}
}

package vector

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func random(rng *rand.Rand, n int) []float32 {
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(rng.NormFloat64())
	}
	return x
}

func (o Operand) at(i, j int) float64 {
	if o.Transposed {
		i, j = j, i
	}
	return float64(o.Data[i*o.Cols+j])
}

func TestMultiplyEqualsTheDefinition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		m, n, k := rapid.IntRange(0, 70).Draw(t, "m"), rapid.IntRange(0, 70).Draw(t, "n"), rapid.IntRange(0, 70).Draw(t, "k")
		operand := func(rows, cols int, name string) Operand {
			o := Operand{Data: random(rng, rows*cols), Rows: rows, Cols: cols, Transposed: rapid.Bool().Draw(t, name)}
			if o.Transposed {
				o.Rows, o.Cols = cols, rows
			}
			return o
		}
		a, b := operand(m, k, "a transposed"), operand(k, n, "b transposed")
		c := random(rng, m*n)
		NewMultiplier(rapid.IntRange(1, 3).Draw(t, "workers")).Multiply(c, a, b)
		for i := range m {
			for j := range n {
				var want float64
				for p := range k {
					want += a.at(i, p) * b.at(p, j)
				}
				if math.Abs(float64(c[i*n+j])-want) > 1e-3 {
					t.Fatalf("element %d,%d of %d×%d×%d: %v, want %v", i, j, m, n, k, c[i*n+j], want)
				}
			}
		}
	})
}

func TestMultiplyDoesNotDependOnTheWorkers(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	a, b := Operand{Data: random(rng, 130*257), Rows: 130, Cols: 257}, Operand{Data: random(rng, 75*257), Rows: 75, Cols: 257, Transposed: true}
	want := make([]float32, 130*75)
	NewMultiplier(1).Multiply(want, a, b)
	for workers := 2; workers < 6; workers++ {
		got := make([]float32, 130*75)
		if NewMultiplier(workers).Multiply(got, a, b); !slices.Equal(got, want) {
			t.Errorf("%d workers give other bits than one", workers)
		}
	}
}

func TestGemmKernelsEqualPlainGo(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for _, k := range []int{1, 2, 7, 256} {
		a, b := random(rng, k*gemmRows), random(rng, k*gemmCols)
		want := make([]float32, gemmRows*40)
		gemmTileGo(k, a, b, want, 40)
		for name, kernel := range gemmKernels() {
			got := make([]float32, gemmRows*40)
			kernel(k, a, b, got, 40)
			for i := range want {
				if math.Abs(float64(got[i]-want[i])) > 1e-4*float64(k) {
					t.Fatalf("%s, k %d, element %d: %v, want %v", name, k, i, got[i], want[i])
				}
			}
		}
	}
}

func BenchmarkMultiply(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 2))
	const m, n, k = 1024, 1024, 256
	x, y := Operand{Data: random(rng, m*k), Rows: m, Cols: k}, Operand{Data: random(rng, n*k), Rows: n, Cols: k, Transposed: true}
	c := make([]float32, m*n)
	g := NewMultiplier(1)
	for b.Loop() {
		g.Multiply(c, x, y)
	}
	b.ReportMetric(2*m*n*k*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
}

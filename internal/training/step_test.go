package training

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"dalil/corpus"
)

// tiny makes a trainer of ten pieces and four dimensions, and a batch of three
// pairs of which two are taught.
func tiny() (*trainer, []example) {
	o := StaticOptions{Dimensions: 4, Scale: 3, Teaching: 0.7, Seed: 5}
	o.defaults()
	t := newTrainer(10, o)
	rng := rand.New(rand.NewPCG(3, 4))
	taught := func() corpus.Vector {
		v := make(corpus.Vector, 4)
		for i := range v {
			v[i] = float32(rng.NormFloat64())
		}
		unit(v)
		return v
	}
	for i := range t.vectors {
		t.vectors[i] = float32(rng.NormFloat64())
	}
	return t, []example{
		{source: []int32{1, 2, 2}, target: []int32{3}, taught: taught()},
		{source: []int32{4, 5}, target: []int32{6, 1}},
		{source: []int32{7}, target: []int32{8, 9, 3}, taught: taught()},
	}
}

// The gradient of a step is what the loss does when a number is moved a little.
// Adagrad keeps the squares of the gradient, and the way that it moves tells
// the sign, so the test reads the step itself and no inner part of it.
func TestStepFollowsTheGradient(t *testing.T) {
	loss := func(move int, by float32) float64 {
		tr, batch := tiny()
		tr.vectors[move] += by
		return tr.step(batch, 0)
	}
	tr, batch := tiny()
	before := slices.Clone(tr.vectors)
	tr.step(batch, 1e-3)
	const by = 5e-3
	moved := 0
	for i := range before {
		got := math.Copysign(math.Sqrt(float64(tr.squares[i])), float64(before[i]-tr.vectors[i]))
		want := (loss(i, by) - loss(i, -by)) / (2 * by)
		if math.Abs(got-want) > 2e-3*max(1, math.Abs(want)) {
			t.Errorf("gradient of piece %d, dimension %d: got %.5f, want %.5f", i/4, i%4, got, want)
		}
		if math.Abs(want) > 0.01 {
			moved++
		}
	}
	if moved < 30 {
		t.Errorf("only %d of 40 numbers have a gradient: the test tests little", moved)
	}
	if slices.ContainsFunc(tr.grads, func(g float32) bool { return g != 0 }) || slices.Contains(tr.marked, true) || len(tr.touched) > 0 {
		t.Error("the step leaves gradients behind")
	}
}

func TestStepsLowerTheLoss(t *testing.T) {
	tr, batch := tiny()
	first := tr.step(batch, 0.05)
	var last float64
	for range 60 {
		last = tr.step(batch, 0.05)
	}
	if last > 0.8*first {
		t.Errorf("the loss went from %.3f to %.3f only", first, last)
	}
}

func TestExp(t *testing.T) {
	for i := -20_000; i <= 20_000; i++ {
		x := float32(i) / 1000
		got, want := float64(exp(x)), math.Exp(float64(x))
		if math.Abs(got-want) > 1e-6*want {
			t.Fatalf("exp(%g): got %g, want %g", x, got, want)
		}
	}
	for _, x := range []float32{-1000, 1000} {
		if y := float64(exp(x)); math.IsInf(y, 0) || y <= 0 {
			t.Errorf("exp(%g) = %g: is not bounded", x, y)
		}
	}
}

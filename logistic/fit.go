package logistic

import (
	"fmt"
	"math"
)

// Row is one example.
type Row struct {
	Signs  []float64
	True   bool
	Weight float64 // above 0
}

// steps of Newton's method; it converges in fewer on all data that were tried.
const steps = 20

// Fit finds the weights that make the rows most likely, by Newton's method. ridge
// pulls all weights but the base towards 0, so that signs that say the same share
// their weight. The result is the same for the same rows, and rounded to four
// decimals. Rows of one kind only are an error.
func Fit(rows []Row, names []string, ridge float64) (*Model, error) {
	positive := 0
	for i := range rows {
		if len(rows[i].Signs) != len(names) {
			return nil, fmt.Errorf("row %d has %d signs, not %d", i, len(rows[i].Signs), len(names))
		}
		if rows[i].True {
			positive++
		}
	}
	if positive == 0 || positive == len(rows) {
		return nil, fmt.Errorf("all of %d examples are true, or none", len(rows))
	}
	w := make([]float64, len(names)+1)
	for range steps {
		step := newton(rows, w, ridge)
		largest := 0.
		for i := range w {
			w[i] += step[i]
			largest = max(largest, math.Abs(step[i]))
		}
		if largest < 1e-6 {
			break
		}
	}
	for i := range w {
		w[i] = math.Round(w[i]*1e4) / 1e4
	}
	return &Model{names: names, base: w[0], weights: w[1:]}, nil
}

// newton returns one step: the inverse of the curvature times the slope of the
// penalised log likelihood.
func newton(rows []Row, w []float64, ridge float64) []float64 {
	n := len(w)
	system := make([][]float64, n) // curvature, and the slope in the last column
	for i := range system {
		system[i] = make([]float64, n+1)
		system[i][i] = 1e-9
		if i > 0 {
			system[i][i] = ridge
			system[i][n] = -ridge * w[i]
		}
	}
	x := make([]float64, n)
	x[0] = 1
	for r := range rows {
		copy(x[1:], rows[r].Signs)
		odds := 0.
		for i := range x {
			odds += x[i] * w[i]
		}
		p := 1 / (1 + math.Exp(-odds))
		truth := 0.
		if rows[r].True {
			truth = 1
		}
		slope, curve := rows[r].Weight*(truth-p), rows[r].Weight*max(p*(1-p), 1e-9)
		for i, a := range x {
			system[i][n] += slope * a
			for j, b := range x[:i+1] {
				system[i][j] += curve * a * b
			}
		}
	}
	for i := range n {
		for j := range i {
			system[j][i] = system[i][j]
		}
	}
	return solve(system)
}

// solve solves a system of linear equations with a positive definite matrix, whose
// right side is the last column, by elimination (Gauss and Jordan).
func solve(system [][]float64) []float64 {
	n := len(system)
	for i := range n {
		for k := range n {
			if k == i {
				continue
			}
			share := system[k][i] / system[i][i]
			for j := i; j <= n; j++ {
				system[k][j] -= share * system[i][j]
			}
		}
	}
	solution := make([]float64, n)
	for i := range n {
		solution[i] = system[i][n] / system[i][i]
	}
	return solution
}

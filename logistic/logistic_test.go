package logistic_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"dalil/corpus"
	"dalil/logistic"
)

var names = []string{"first", "second"}

// Labels that are drawn from known odds give the weights back.
func TestFitFindsTheWeights(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var rows []logistic.Row
	for range 20000 {
		signs := []float64{r.NormFloat64(), r.NormFloat64()}
		p := 1 / (1 + math.Exp(-(-1 + 2*signs[0] - 0.5*signs[1])))
		rows = append(rows, logistic.Row{Signs: signs, True: r.Float64() < p, Weight: 1})
	}
	m, err := logistic.Fit(rows, names, 0.1)
	if err != nil {
		t.Fatal(err)
	}
	base := m.Odds([]float64{0, 0})
	for _, c := range []struct{ got, want float64 }{
		{base, -1}, {m.Odds([]float64{1, 0}) - base, 2}, {m.Odds([]float64{0, 1}) - base, -0.5},
	} {
		if math.Abs(c.got-c.want) > 0.1 {
			t.Errorf("weight %.3f, want %.1f", c.got, c.want)
		}
	}
	read, err := logistic.Load(m.Encode(), names)
	if err != nil {
		t.Fatal(err)
	}
	at := []float64{0.3, -2}
	if got, want := read.Probability(at), m.Probability(at); got != want || got <= 0.5 || got >= 1 {
		t.Errorf("probability %v after reading, %v before", got, want)
	}
}

// Signs that separate the rows completely still give finite weights.
func TestFitOfSeparableRowsEnds(t *testing.T) {
	m, err := logistic.Fit([]logistic.Row{{[]float64{0, 0}, false, 1}, {[]float64{1, 0}, true, 1}}, names, 0.01)
	if err != nil {
		t.Fatal(err)
	}
	if p := m.Probability([]float64{1, 0}); !(p > 0.5 && p < 1) {
		t.Errorf("probability %v", p)
	}
}

func TestFitNeedsBothKinds(t *testing.T) {
	if _, err := logistic.Fit([]logistic.Row{{[]float64{0, 0}, true, 1}}, names, 1); err == nil {
		t.Error("one kind of rows was fitted")
	}
	if _, err := logistic.Fit([]logistic.Row{{[]float64{0}, true, 1}, {[]float64{0, 0}, false, 1}}, names, 1); err == nil {
		t.Error("a row with one sign of two was fitted")
	}
}

func TestLoadRefuses(t *testing.T) {
	for data, says := range map[string]string{
		"{":                              "unexpected end",
		`{"format": "other"}`:            "format",
		`{"format": "dalil logistic 1"}`: "0 weights, not 2",
		`{"format": "dalil logistic 1", "weights": {"first": 1, "third": 1}}`:    "second",
		`{"format": "dalil logistic 1", "weights": {"first": 1, "second": 1e9}}`: "second",
	} {
		if _, err := logistic.Load([]byte(data), names); !errors.Is(err, corpus.ErrCorrupt) || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v, want %q", data, err, says)
		}
	}
}

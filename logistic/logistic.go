// Package logistic estimates probabilities with logistic regression: a sum of
// weighted signs becomes the logarithm of the odds. Start with [Fit] and [Load].
package logistic

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"

	"dalil/corpus"
)

// Model has one weight for each sign. It is immutable and safe for concurrent use.
type Model struct {
	names   []string
	base    float64
	weights []float64
}

// Odds returns the logarithm of the odds of what has these signs. There must be as
// many signs as the model has names.
func (m *Model) Odds(signs []float64) float64 {
	odds := m.base
	for i, w := range m.weights {
		odds += w * signs[i]
	}
	return odds
}

// Probability returns the probability that belongs to Odds, 0 to 1.
func (m *Model) Probability(signs []float64) float64 { return 1 / (1 + math.Exp(-m.Odds(signs))) }

// file is a model as it is written.
type file struct {
	Format  string             `json:"format"`
	Base    float64            `json:"base"`
	Weights map[string]float64 `json:"weights"`
}

// format names the layout; a change of its meaning changes the number.
const format = "dalil logistic 1"

// Encode writes the model as JSON, the weights in the order of the names.
func (m *Model) Encode() []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "{\n \"format\": %q,\n \"base\": %g,\n \"weights\": {\n", format, m.base)
	for i, name := range m.names {
		end := ","
		if i == len(m.names)-1 {
			end = ""
		}
		fmt.Fprintf(&b, "  %q: %g%s\n", name, m.weights[i], end)
	}
	return []byte(b.String() + " }\n}\n")
}

// mostWeight is the greatest absolute value of a weight; a greater one is a mistake.
const mostWeight = 100

// Load reads a model that has a weight for each of the named signs, and no other.
// Errors are corpus.ErrCorrupt.
func Load(data []byte, names []string) (*Model, error) {
	corrupt := func(format string, args ...any) error {
		return fmt.Errorf("%w: logistic model: %s", corpus.ErrCorrupt, fmt.Sprintf(format, args...))
	}
	var f file
	if err := json.Unmarshal(data, &f); err != nil {
		return nil, corrupt("%v", err)
	}
	if f.Format != format {
		return nil, corrupt("its format is %q, not %q", f.Format, format)
	}
	if len(f.Weights) != len(names) {
		return nil, corrupt("it has %d weights, not %d", len(f.Weights), len(names))
	}
	m := &Model{names: names, base: f.Base}
	for _, name := range names {
		w, ok := f.Weights[name]
		if !ok || !(math.Abs(w) <= mostWeight) {
			return nil, corrupt("its weight of %s is missing or above %d", name, mostWeight)
		}
		m.weights = append(m.weights, w)
	}
	return m, nil
}

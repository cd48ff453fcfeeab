// Package relevance turns the signs of a passage into the probability that it
// answers the question. A table is fitted to one kind of model. Start with [Open].
package relevance

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"

	"dalil/corpus"
	"dalil/searcher/trees"
)

// Table is the sum of boosted trees and of a linear model, with a logistic link, and the
// limits of the grades. It is immutable and safe for concurrent use.
type Table struct {
	model            *trees.Model
	linear           []float32 // of each sign
	base             float32
	kind             string
	weak, sufficient float32
}

// Limits are the probabilities from which the best passage makes the evidence weak
// or sufficient, 0 < Weak < Sufficient < 1.
type Limits struct{ Weak, Sufficient float32 }

// New returns a table. The logarithm of the odds is base, plus the score of the model,
// plus the sum of the signs times linear; nil: all are 0. kind names the kind of embedder that it
// was fitted to.
func New(kind string, model *trees.Model, linear []float32, base float32, l Limits) *Table {
	if linear == nil {
		linear = make([]float32, len(model.Features()))
	}
	return &Table{model, linear, base, kind, l.Weak, l.Sufficient}
}

// Kind names the kind of embedder that the table was fitted to.
func (t *Table) Kind() string { return t.kind }

// Probability is that a passage with these signs answers, 0 to 1.
func (t *Table) Probability(signs []float32) float32 {
	odds := t.base + t.model.Score(signs)
	for i, weight := range t.linear {
		odds += weight * signs[i]
	}
	return float32(1 / (1 + math.Exp(-float64(odds))))
}

// doubtful is the highest probability that Doubt returns, as a share of the limit from which evidence is sufficient.
const doubtful = 0.9

// Doubt lowers the probability of a passage in which a number or a name of the question is missing, so that
// it is never enough for sufficient evidence.
func (t *Table) Doubt(p float32) float32 { return p * doubtful * t.sufficient }

// Grade is the evidence of an answer whose best passage answers with this
// probability.
func (t *Table) Grade(best float32) corpus.Evidence {
	switch {
	case best >= t.sufficient:
		return corpus.EvidenceSufficient
	case best >= t.weak:
		return corpus.EvidenceWeak
	}
	return corpus.EvidenceNone
}

// file is a table as it is written.
type file struct {
	Format     string          `json:"format"`
	Kind       string          `json:"kind"`
	Base       float32         `json:"base"`
	Weak       float32         `json:"weak"`
	Sufficient float32         `json:"sufficient"`
	Linear     []float32       `json:"linear"` // in the order of the trees' features
	Trees      json.RawMessage `json:"trees"`
}

// format names the layout; a change of its meaning changes the number.
const format = "dalil relevance 4"

// Encode writes the table as JSON.
func (t *Table) Encode() []byte {
	kind, err := json.Marshal(t.kind)
	if err != nil {
		panic(err) // strings always encode
	}
	linear, err := json.Marshal(t.linear)
	if err != nil {
		panic(err) // finite numbers always encode
	}
	out := fmt.Appendf(nil, "{\"format\":%q,\"kind\":%s,\"base\":%g,\"weak\":%g,\"sufficient\":%g,\"linear\":%s,\"trees\":\n",
		format, kind, t.base, t.weak, t.sufficient, linear)
	return append(append(out, t.model.Encode()...), "}\n"...)
}

// Load reads a table of the signs that the program computes. Errors are
// corpus.ErrCorrupt and say what is wrong.
func Load(data []byte, signs []string) (*Table, error) {
	corrupt := func(format string, args ...any) error {
		return fmt.Errorf("%w: relevance table: %s", corpus.ErrCorrupt, fmt.Sprintf(format, args...))
	}
	var f file
	if err := json.Unmarshal(data, &f); err != nil {
		return nil, corrupt("%v", err)
	}
	switch {
	case f.Format != format:
		return nil, corrupt("its format is %q, not %q; fit it again", f.Format, format)
	case f.Kind == "":
		return nil, corrupt("it names no kind of model")
	case math.Abs(float64(f.Base)) > 100:
		return nil, corrupt("its base is %g", f.Base)
	case !(0 < f.Weak && f.Weak < f.Sufficient && f.Sufficient < 1):
		return nil, corrupt("its limits are %g and %g, want 0 < weak < sufficient < 1", f.Weak, f.Sufficient)
	case len(f.Linear) != len(signs):
		return nil, corrupt("it has linear weights of %d signs, want %d", len(f.Linear), len(signs))
	}
	model, err := trees.Load(f.Trees, signs)
	if err != nil {
		return nil, err
	}
	return &Table{model, f.Linear, f.Base, f.Kind, f.Weak, f.Sufficient}, nil
}

//go:embed tables/*.json
var tables embed.FS

// Open returns the built-in table of a kind of model; nil: there is none.
func Open(kind string, signs []string) (*Table, error) {
	data, err := tables.ReadFile("tables/" + kind + ".json")
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrInvalid) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return Load(data, signs)
}

package endpoint

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"dalil/corpus"
	"dalil/embedder"
)

// Prefixes are put before texts, by role. Asymmetric models need them.
type Prefixes struct{ Query, Passage string }

// blank replaces a text that is only white space, which several endpoints refuse.
const blank = "-"

// Inputs returns the texts in the form in which they are sent: valid UTF-8, not
// blank, with the prefix of the role.
func (p Prefixes) Inputs(role embedder.Role, texts []string) []string {
	prefix := p.Passage
	if role == embedder.Query {
		prefix = p.Query
	}
	inputs := make([]string, len(texts))
	for i, text := range texts {
		text = strings.ToValidUTF8(text, "\uFFFD")
		if strings.TrimSpace(text) == "" {
			text = blank
		}
		inputs[i] = prefix + text
	}
	return inputs
}

// Fit cuts each vector to the given width (Matryoshka representation learning,
// Kusupati et al., NeurIPS 2022) and scales it to unit length. If the reply has
// another number of vectors, or narrower, zero or infinite ones, the error is
// corpus.ErrUnavailable. If other vectors are valid, the error names the text of
// the first invalid one.
func Fit(reply []Row, texts, dimensions int) ([]corpus.Vector, error) {
	if len(reply) != texts {
		return nil, corpus.Errorf(corpus.ErrUnavailable, "the reply has %d vectors for %d texts", len(reply), texts)
	}
	vectors := make([]corpus.Vector, texts)
	var first *embedder.TextError
	sound := 0
	for i, v := range reply {
		var err error
		if vectors[i], err = fit(v, dimensions); err == nil {
			sound++
		} else if first == nil {
			first = &embedder.TextError{Index: i, Err: corpus.Errorf(corpus.ErrUnavailable, "vector %d of the reply %w", i, err)}
		}
	}
	switch {
	case first == nil:
		return vectors, nil
	case sound == 0: // it is not the text
		return nil, first.Err
	}
	return nil, first
}

// narrow is the error of a vector that is narrower than configured.
type narrow struct{ has, want int }

func (e *narrow) Error() string {
	return fmt.Sprintf("has %d dimensions, not %d as embedder.dimensions says", e.has, e.want)
}

func (e *narrow) Unwrap() error { return embedder.ErrWidth }

func fit(v []float32, dimensions int) (corpus.Vector, error) {
	if len(v) < dimensions {
		return nil, &narrow{len(v), dimensions}
	}
	v = v[:dimensions]
	var sum float64
	for _, x := range v {
		sum += float64(x) * float64(x)
	}
	if !(sum > 1e-12) || math.IsInf(sum, 0) {
		return nil, errors.New("is zero, or contains null or a number that is not finite")
	}
	scale := float32(1 / math.Sqrt(sum))
	for i := range v {
		v[i] *= scale
	}
	return v, nil
}

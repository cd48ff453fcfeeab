package store

import (
	"fmt"
	"math"
	"time"

	"dalil/corpus"
)

// Check returns what is malformed in an arm, for a collection whose vectors have
// the given width.
func (a *ArmQuery) Check(dimensions int) error {
	switch dense, sparse := a.Dense != nil, a.Sparse.Dimensions != nil; {
	case dense == sparse:
		return corpus.Invalid("arm", "must have exactly one of a dense and a sparse vector")
	case a.Limit < 0:
		return corpus.Invalid("arm.limit", fmt.Sprintf("must not be negative, is %d", a.Limit))
	case dense:
		if err := checkDense("arm.dense", a.Dense, dimensions); err != nil {
			return err
		}
	default:
		if err := checkSparse("arm.sparse", a.Sparse); err != nil {
			return err
		}
	}
	return a.Filter.Validate(math.MaxInt)
}

// Check returns what is malformed in an entry.
func (e *Entry) Check(dimensions int) error {
	if e.Document.ID == "" {
		return corpus.Invalid("document.id", "is empty")
	}
	if n := len(e.Points); n > corpus.MaxChunks {
		return corpus.Invalid("points", fmt.Sprintf("must be at most %[2]d in a document, are %[1]d", n, corpus.MaxChunks))
	}
	for field, t := range map[string]time.Time{"document.expires_at": e.Document.ExpiresAt, "document.visible_from": e.Document.VisibleFrom} {
		if t.Nanosecond()%1000 != 0 {
			return corpus.Invalid(field, fmt.Sprintf("must be whole microseconds, is %v", t))
		}
	}
	for i := range e.Points {
		p := &e.Points[i]
		field := fmt.Sprintf("points[%d]", i)
		switch first := &e.Points[0].Chunk; {
		case p.Chunk.DocumentID != e.Document.ID:
			return corpus.Invalid(field, fmt.Sprintf("is of document %q", p.Chunk.DocumentID))
		case p.Chunk.Revision != first.Revision:
			return corpus.Invalid(field, fmt.Sprintf("is of revision %q, the first is of %q", p.Chunk.Revision, first.Revision))
		case p.Chunk.Ordinal != i:
			return corpus.Invalid(field, fmt.Sprintf("has ordinal %d", p.Chunk.Ordinal))
		case p.Chunk.ID != corpus.NewChunkID(e.Document.ID, p.Chunk.Revision, i):
			return corpus.Invalid(field, "has an id that is not that of its document, revision and ordinal")
		}
		if err := checkDense(field+".dense", p.Dense, dimensions); err != nil {
			return err
		}
		if err := checkSparse(field+".sparse", p.Sparse); err != nil {
			return err
		}
	}
	return nil
}

// Check returns which settings are invalid for the pipeline of the collection.
func (s *Settings) Check(opened corpus.Pipeline) error {
	if s.Pipeline != opened {
		return &corpus.MismatchError{Held: opened, Wanted: s.Pipeline}
	}
	if !(s.AverageLength > 0) || math.IsInf(s.AverageLength, 0) {
		return corpus.Invalid("average_length", fmt.Sprintf("must be above 0, is %g", s.AverageLength))
	}
	return nil
}

func checkDense(field string, v corpus.Vector, dimensions int) error {
	if len(v) != dimensions {
		return corpus.Invalid(field, fmt.Sprintf("has %d dimensions, the collection %d", len(v), dimensions))
	}
	for i, x := range v {
		if x-x != 0 {
			return corpus.Invalid(field, fmt.Sprintf("has %g at %d, which is not finite", x, i))
		}
	}
	return nil
}

func checkSparse(field string, v corpus.Sparse) error {
	if len(v.Dimensions) != len(v.Weights) {
		return corpus.Invalid(field, fmt.Sprintf("has %d dimensions and %d weights", len(v.Dimensions), len(v.Weights)))
	}
	for i, d := range v.Dimensions {
		if i > 0 && d <= v.Dimensions[i-1] {
			return corpus.Invalid(field, fmt.Sprintf("has dimension %d at %d, which does not ascend", d, i))
		}
		if w := v.Weights[i]; w-w != 0 {
			return corpus.Invalid(field, fmt.Sprintf("has weight %g at %d, which is not finite", w, i))
		}
	}
	return nil
}

// CheckLimit refuses a list of no documents.
func CheckLimit(limit int) error {
	if limit > 0 {
		return nil
	}
	return corpus.Invalid("limit", fmt.Sprintf("must be above 0, is %d", limit))
}

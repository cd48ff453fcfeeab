// Package embedder defines how text becomes dense vectors. It has the [Embedder]
// contract and its wrappers, one a file. Each provider is a package of its own
// below this one; embedtest has the tests that they all pass.
package embedder

import (
	"context"
	"errors"
	"fmt"

	"dalil/corpus"
)

// Role says whether a text is a question or a passage, for models that embed them differently.
type Role int

// The roles.
const (
	Passage Role = iota
	Query
)

func (r Role) String() string {
	if r == Query {
		return "query"
	}
	return "passage"
}

// Model describes the vectors that an Embedder gives. Equal Models give equal
// vectors for equal texts.
type Model struct {
	Name       string
	Revision   string // changes whenever any vector may change
	Dimensions int
	MaxTokens  int // of one text; 0: unlimited
	MaxBatch   int // texts in one call; 0: unlimited
}

func (m Model) String() string { return m.Name + "@" + m.Revision }

// Embeddings is the answer for one batch.
type Embeddings struct {
	Vectors []corpus.Vector
	Tokens  int   // of the whole batch, as the model counts them
	Cut     []int // indexes of texts that the provider truncated, ascending
}

// Embedder turns texts into vectors.
//
// The law, proven by embedtest: a call returns as many vectors as texts, in the
// same order. Each vector has Model().Dimensions numbers, is finite and has unit
// length (within 1e-3). All texts succeed, or the call fails and returns nothing.
// No texts give no vectors and no error. The empty text has a vector too. Equal
// texts of one role give equal vectors, whatever other texts are in the call. An
// Embedder is safe for concurrent use. A cancelled context ends the call with its
// error. The texts are not kept, and the vectors belong to the caller.
//
// Every error has a kind (corpus.KindOf) or is the end of the context:
// corpus.ErrUnavailable (an outage: try again), corpus.ErrExhausted (a limit or
// quota: try again later), corpus.ErrInvalid (the texts are at fault) or
// corpus.ErrDenied (a wrong key, an unknown model: an operator must act). A
// [TextError] says that one text is at fault. No error of another module is found
// in the chain.
type Embedder interface {
	Model() Model
	Embed(ctx context.Context, role Role, texts []string) (Embeddings, error)
}

// Counter is implemented by embedders that have their model's tokenizer. It
// returns the exact number of tokens of a text, as Model.MaxTokens counts them.
type Counter interface {
	Tokens(text string) int
}

// TextError says that one text of a batch can't be embedded; the others may.
type TextError struct {
	Index int // in the batch given
	Err   error
}

func (e *TextError) Error() string { return fmt.Sprintf("text %d: %v", e.Index, e.Err) }

func (e *TextError) Unwrap() error { return e.Err }

// replaced translates the index of a TextError of a part of a batch into the whole
// batch; places maps the indexes.
func replaced(err error, places []int) error {
	var text *TextError
	if errors.As(err, &text) && text.Index >= 0 && text.Index < len(places) {
		return &TextError{Index: places[text.Index], Err: text.Err}
	}
	return err
}

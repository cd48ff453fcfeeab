// Package embedder defines how text becomes dense vectors. It has the [Embedder]
// contract and its wrappers, each in a file of its own. Each provider is a package
// below this one. Package embedtest has the tests that all of them pass.
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

// Model describes the vectors of an Embedder. Equal Models return equal vectors for
// equal texts.
type Model struct {
	Name       string
	Revision   string // changes whenever any vector may change
	Dimensions int
	MaxTokens  int // largest number of tokens of one text; 0: unlimited
	MaxBatch   int // largest number of texts in one call; 0: unlimited
}

func (m Model) String() string { return m.Name + "@" + m.Revision }

// Embeddings is the answer for one batch.
type Embeddings struct {
	Vectors []corpus.Vector
	Tokens  int   // number of tokens of the whole batch, as the model counts them
	Counts  []int // number of tokens of each text, as [TokenCounter] counts them; nil: unknown
	Cut     []int // indexes of texts that the provider truncated, ascending
}

// Embedder turns texts into vectors.
//
// These are the rules, which embedtest proves. A call returns as many vectors as
// texts, in the same order. Each vector has Model().Dimensions numbers, is finite
// and has unit length (within 1e-3). All texts succeed, or the call fails and
// returns nothing. Without texts, it returns no vectors and no error. The empty
// text has a vector too. Equal texts with the same role get equal vectors, whatever
// other texts are in the call. An Embedder is safe for concurrent use. If the
// context is cancelled, the call ends with its error. The Embedder does not keep
// the texts, and the vectors belong to the caller.
//
// Every error is that of the context or has a kind (corpus.KindOf):
// corpus.ErrUnavailable (an outage: try again), corpus.ErrExhausted (a limit or
// quota: try again later), corpus.ErrInvalid (the texts are the cause) or
// corpus.ErrDenied (a wrong key or an unknown model: an operator must act). A
// [TextError] names one text that is the cause. The chain contains no error of
// another module.
type Embedder interface {
	Model() Model
	Embed(ctx context.Context, role Role, texts []string) (Embeddings, error)
}

// Counter is implemented by embedders that have their model's tokenizer. Tokens
// returns the exact number of tokens of a text, as Model.MaxTokens counts them.
type Counter interface {
	Tokens(text string) int
}

// TextError is the error of a text that cannot be embedded. The other texts of the batch may be.
type TextError struct {
	Index int // in the batch of the call
	Err   error
}

func (e *TextError) Error() string { return fmt.Sprintf("text %d: %v", e.Index, e.Err) }

func (e *TextError) Unwrap() error { return e.Err }

// replaced converts the index of a TextError from a part of a batch to the whole
// batch; places maps the indexes.
func replaced(err error, places []int) error {
	var text *TextError
	if errors.As(err, &text) && text.Index >= 0 && text.Index < len(places) {
		return &TextError{Index: places[text.Index], Err: text.Err}
	}
	return err
}

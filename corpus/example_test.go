package corpus_test

import (
	"errors"
	"fmt"

	"dalil/corpus"
)

// A passage's id follows from its document, the document's revision and its place.
func ExampleNewChunkID() {
	a := corpus.NewChunkID("news/1", "3f2a", 0)
	b := corpus.NewChunkID("news/1", "3f2a", 0)
	c := corpus.NewChunkID("news/1", "3f2a", 1)
	fmt.Println(a == b, a == c)
	// Output: true false
}

// Callers ask for the kind of a failure and never for its text.
func ExampleKindOf() {
	err := fmt.Errorf("index: %w", &corpus.Error{Kind: corpus.ErrExhausted, Op: "write to", Thing: "data/dalil.db"})
	fmt.Println(err)
	fmt.Println(corpus.KindOf(err) == corpus.ErrExhausted, errors.Is(err, corpus.ErrExhausted))
	// Output:
	// index: write to data/dalil.db: resource exhausted
	// true true
}

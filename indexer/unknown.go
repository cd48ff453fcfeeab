package indexer

import (
	"errors"

	"dalil/corpus"
	"dalil/store"
)

// unknown are the documents of which some try was not answered. Whatever a later
// try says, the first may have taken effect.
type unknown map[string]bool

// note takes in what became of one try.
func (u unknown) note(entries []store.Entry, err error) {
	for i := range entries {
		id := entries[i].Document.ID
		var one *corpus.UnknownError
		if errors.As(failureOf(id, err), &one) {
			u[id] = true
		}
	}
}

// say adds to the last error of a write which documents may have been written
// before.
func (u unknown) say(entries []store.Entry, err error) error {
	if err == nil || len(u) == 0 {
		return err
	}
	failed := map[string]error{}
	for i := range entries {
		id := entries[i].Document.ID
		one := failureOf(id, err)
		var said *corpus.UnknownError
		if one != nil && u[id] && !errors.As(one, &said) {
			one = &corpus.UnknownError{Cause: one}
		}
		if one != nil {
			failed[id] = one
		}
	}
	return &store.PutError{Failed: failed, Cause: err}
}

// failureOf is what an error of Put says of one document; nil: it was written.
func failureOf(id string, err error) error {
	var some *store.PutError
	if errors.As(err, &some) {
		return some.Failed[id]
	}
	return err
}

package indexer

import (
	"errors"

	"dalil/corpus"
	"dalil/store"
)

// unknown has the documents for which a write was not answered. Whatever the result
// of a later attempt is, that write may have taken effect.
type unknown map[string]bool

// note records the result of one attempt.
func (u unknown) note(entries []store.Entry, err error) {
	for i := range entries {
		id := entries[i].Document.ID
		var one *corpus.UnknownError
		if errors.As(failureOf(id, err), &one) {
			u[id] = true
		}
	}
}

// say marks the documents in the last error of a write that an earlier attempt may
// have written.
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

// failureOf returns the error of one document in an error of Put, or nil if it was written.
func failureOf(id string, err error) error {
	var some *store.PutError
	if errors.As(err, &some) {
		return some.Failed[id]
	}
	return err
}

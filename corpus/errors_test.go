package corpus_test

import (
	"errors"
	"fmt"
	"testing"

	"dalil/corpus"
)

type sdkError struct{}

func (sdkError) Error() string { return "rpc error: code = NotFound" }

func TestErrorHidesTheSDK(t *testing.T) {
	err := fmt.Errorf("search: %w", &corpus.Error{
		Kind: corpus.ErrMissing, Op: "open collection", Thing: "news-3f2a", Cause: corpus.Foreign(sdkError{}),
	})
	if got, want := err.Error(), "search: open collection news-3f2a: rpc error: code = NotFound"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if errors.As(err, new(sdkError)) {
		t.Error("the SDK's error is still in the chain")
	}
	if !errors.Is(err, corpus.ErrMissing) || errors.Is(err, corpus.ErrNotFound) {
		t.Error("the error does not match its kind alone")
	}
}

func TestKindOf(t *testing.T) {
	for _, c := range []struct {
		err  error
		want corpus.Kind
	}{
		{nil, ""},
		{errors.New("unknown"), ""},
		{corpus.Invalid("limit", "must be 1 to 100"), corpus.ErrInvalid},
		{corpus.Refused("in use"), corpus.ErrRefusedState},
		{fmt.Errorf("x: %w", corpus.ErrExhausted), corpus.ErrExhausted},
		{corpus.Errorf(corpus.ErrDenied, "wrong key: %w", corpus.ErrUnavailable), corpus.ErrDenied},
		{&corpus.MismatchError{}, corpus.ErrModelMismatch},
	} {
		if got := corpus.KindOf(c.err); got != c.want {
			t.Errorf("KindOf(%v) = %q, want %q", c.err, got, c.want)
		}
	}
}

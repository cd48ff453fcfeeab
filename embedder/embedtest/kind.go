package embedtest

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"testing"

	"dalil/corpus"
)

// Kind proves the error contract on one error: it has a kind or is the end of a
// context, and no error of another module is found in its chain, so that nothing
// above mistakes an SDK's status or type for its own.
func Kind(t testing.TB, err error) {
	t.Helper()
	if err == nil {
		return
	}
	if corpus.KindOf(err) == "" && !errors.Is(err, context.Canceled) && !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v: has no kind", err)
	}
	module := strings.TrimSuffix(reflect.TypeFor[corpus.Error]().PkgPath(), "corpus") // whatever the module is called
	for _, one := range chain(err) {
		kind := reflect.TypeOf(one)
		if kind.Kind() == reflect.Pointer {
			kind = kind.Elem()
		}
		switch from := kind.PkgPath(); {
		case from == "errors", from == "fmt", from == "context", strings.HasPrefix(from, module):
		default:
			t.Errorf("%v: holds a %T of package %s", err, one, from)
		}
	}
}

// wrapping and joining are the shapes of errors with others inside, as package
// errors defines them.
type (
	wrapping interface{ Unwrap() error }
	joining  interface{ Unwrap() []error }
)

func chain(err error) []error {
	all := []error{err}
	switch e := err.(type) {
	case wrapping:
		if inner := e.Unwrap(); inner != nil {
			all = append(all, chain(inner)...)
		}
	case joining:
		for _, inner := range e.Unwrap() {
			all = append(all, chain(inner)...)
		}
	}
	return all
}

package app_test

import (
	"context"
	"testing"

	"dalil/corpus"
)

// operator is the context of calls that reach the app without a server, which finds out
// who makes a call.
func operator(t testing.TB) context.Context {
	return corpus.WithPrincipal(t.Context(), corpus.Operator(""))
}

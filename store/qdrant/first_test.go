package qdrant_test

import (
	"sync/atomic"
	"testing"

	"dalil/store/qdrant"
	"dalil/store/qdrant/standin"
)

// A process that starts while another creates the first collection, and writes to it, uses
// that collection: the alias is not taken for lost.
func TestStartWhileAnotherProcessCreatesTheFirstCollection(t *testing.T) {
	var server steps
	address := standin.Start(t, standin.Options{Before: server.Before}).Address()
	var between atomic.Bool
	server.set(func(method string, _ any) error {
		// The aliases were read, and there was none.
		if method == "List" && between.CompareAndSwap(false, true) {
			opened(t, at(address))
		}
		return nil
	})
	second, err := qdrant.Open(t.Context(), at(address))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { second.Close() })
	if !between.Load() {
		t.Fatal("no collections were listed, so that nothing was tested")
	}
	if got, err := second.Document(t.Context(), "a"); err != nil || got.Revision != "1" {
		t.Errorf("got revision %q and %v, want the document of the other process", got.Revision, err)
	}
}

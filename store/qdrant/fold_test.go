package qdrant_test

import (
	"context"
	"fmt"
	"testing"

	sdk "github.com/qdrant/go-client/qdrant"

	"dalil/store"
	"dalil/store/qdrant"
	"dalil/store/qdrant/standin"
)

// Each process that writes leaves a table of term counts; many become one, and
// the counts stay.
func TestTablesOfManyWritersBecomeOne(t *testing.T) {
	folded := 0
	server := standin.Start(t, standin.Options{Before: func(_ context.Context, _ string, request any) error {
		if r, is := request.(*sdk.DeletePoints); is {
			for _, c := range r.GetPoints().GetFilter().GetMust() {
				if c.GetField().GetMatch().GetKeyword() == "vocabulary" {
					folded++
				}
			}
		}
		return nil
	}})
	if err := opened(t, at(server.Address())).Close(); err != nil {
		t.Fatal(err)
	}
	for n := range 60 {
		s, err := qdrant.Open(t.Context(), at(server.Address()))
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Put(t.Context(), []store.Entry{document(fmt.Sprint("w", n), "1", 1)}); err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if folded != 3 {
		t.Errorf("the tables of 61 writers were folded %d times, want 3: whenever there are more than 16", folded)
	}
	v, err := opened2(t, server.Address()).Vocabulary(t.Context())
	if err != nil || v.Passages() != 63 || v.Frequency(1) != 63 {
		t.Errorf("%d passages, %d with the term, %v; want 63 and 63", v.Passages(), v.Frequency(1), err)
	}
}

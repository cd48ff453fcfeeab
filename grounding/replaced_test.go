package grounding_test

import (
	"context"
	"slices"
	"testing"

	"dalil/corpus"
	"dalil/grounding"
	"dalil/store"
)

// replaced is a library whose documents are written again after each of the first
// searches, so that the passages that were found are gone when neighbours are read.
type replaced struct {
	*library
	times    int // how often
	searches int
}

func (r *replaced) Search(ctx context.Context, q corpus.Query) (corpus.Answer, error) {
	r.searches++
	return r.library.Search(ctx, q)
}

func (r *replaced) Chunks(ctx context.Context, ids []corpus.ChunkID, with store.Fields) ([]store.Point, error) {
	if r.searches <= r.times {
		return nil, nil
	}
	return r.library.Chunks(ctx, ids, with)
}

// The context of a document that is replaced meanwhile is made again, so that it has
// its neighbours. If documents are replaced all the time, it still ends.
func TestAContextOfAReplacedDocumentIsMadeAgain(t *testing.T) {
	for times, want := range map[int]struct {
		searches int
		text     string
	}{
		0: {1, "First of a. Second of a. Third of a."},
		1: {2, "First of a. Second of a. Third of a."},
		9: {3, "Second of a."},
	} {
		r := &replaced{library: newLibrary([2]string{"a", "First of a. \fSecond of a. \fThird of a."}).finds("a/1"), times: times}
		answer, err := grounding.New(grounding.Deps{Search: r, Read: r}, grounding.Options{}).Build(t.Context(), corpus.ContextQuery{Query: corpus.Query{Text: "question"}})
		if err != nil {
			t.Fatal(err)
		}
		if got := texts(answer); !slices.Equal(got, []string{want.text}) || r.searches != want.searches {
			t.Errorf("replaced %d times: %q after %d searches, want %q after %d", times, got, r.searches, want.text, want.searches)
		}
	}
}

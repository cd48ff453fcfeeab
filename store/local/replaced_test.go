package local_test

import (
	"context"
	"fmt"
	"testing"

	"dalil/store"
)

// interrupted is a context that calls do when it is asked for its error for the nth time.
type interrupted struct {
	context.Context
	n  int
	do func()
}

func (c *interrupted) Err() error {
	if c.n--; c.n == 0 {
		c.do()
	}
	return c.Context.Err()
}

// The passages of a document that is edited while they are read are all there, whether they
// were found in the column or not.
func TestPassagesAreReadWhileTheirDocumentIsEdited(t *testing.T) {
	const with = store.WithText | store.WithDense | store.WithSparse
	edits := 0
	for moment := 1; ; moment++ {
		s := openSmall(t, t.TempDir())
		create(t, s)
		s.KeepProfiles(&scribe{name: "a"})
		put(t, s, richEntry("edited", "1", "a"), richEntry("other", "1", "a"))
		ids, _ := contentOf(t, s)
		want := fmt.Sprint(s.Chunks(t.Context(), ids, with))
		if held := s.InColumn(ids); held != len(ids) {
			t.Fatalf("%d passages of %d are in the column", held, len(ids))
		}
		edited := false
		ctx := &interrupted{t.Context(), moment, func() {
			edited = true
			put(t, s, richEntry("edited", "1", "b"))
		}}
		if got := fmt.Sprint(s.Chunks(ctx, ids, with)); got != want {
			t.Errorf("edited at moment %d:\n%.1000s\nwant:\n%.1000s", moment, got, want)
		}
		if !edited {
			break
		}
		edits++
	}
	if edits < 2 {
		t.Errorf("the document was edited at %d moments, want one before and one after the column was read", edits)
	}
}

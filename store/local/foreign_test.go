package local_test

import (
	"context"
	"slices"
	"testing"

	"dalil/corpus"
	"dalil/store"
	"dalil/store/storetest"
)

// recording is a store that keeps which passages were read.
type recording struct {
	store.Store
	read [][]corpus.ChunkID
}

func (r *recording) Unwrap() store.Store { return r.Store }

func (r *recording) Chunks(ctx context.Context, ids []corpus.ChunkID, with store.Fields) ([]store.Point, error) {
	r.read = append(r.read, slices.Clone(ids))
	return r.Store.Chunks(ctx, ids, with)
}

// A passage that the caller does not see is not read: the store gets the same call as for
// one that does not exist, so that the time of an answer is the same for both.
func TestForeignPassagesAreNotRead(t *testing.T) {
	inner := &recording{Store: openSmall(t, t.TempDir())}
	if _, err := inner.Create(t.Context(), store.Settings{Pipeline: smallPipeline(), AverageLength: 10}); err != nil {
		t.Fatal(err)
	}
	entryOf := func(id string, groups ...string) store.Entry {
		e := smallEntry(id, "1", 2)
		e.Document.Groups = groups
		return e
	}
	theirs, hidden, own := entryOf(corpus.TenantKey("b", "theirs")), entryOf(corpus.TenantKey("a", "hidden"), "x"), entryOf(corpus.TenantKey("a", "own"))
	if err := inner.Put(t.Context(), []store.Entry{theirs, hidden, own}); err != nil {
		t.Fatal(err)
	}
	bound := store.Bound(inner)
	all, member := corpus.Operator("a"), corpus.Operator("a")
	member.All, member.Groups = false, []string{"y"}
	first := func(e store.Entry) corpus.ChunkID { return e.Points[0].Chunk.ID }
	absent := corpus.NewChunkID(corpus.TenantKey("a", "absent"), "1", 0)
	for name, c := range map[string]struct {
		caller  corpus.Principal
		foreign corpus.ChunkID
	}{
		"of another tenant":    {all, first(theirs)},
		"of a hidden document": {member, first(hidden)},
	} {
		as := storetest.As(bound, c.caller)
		inner.read = nil
		for _, id := range []corpus.ChunkID{c.foreign, absent} {
			got, err := as.Chunks(t.Context(), []corpus.ChunkID{id, first(own)}, store.WithText|store.WithHidden)
			if err != nil || len(got) != 1 || got[0].Chunk.Text == "" || got[0].Chunk.DocumentID != "own" {
				t.Errorf("%s: got %v and %v, want the caller's own passage", name, got, err)
			}
		}
		if len(inner.read) != 2 || !slices.Equal(inner.read[0], inner.read[1]) || slices.Contains(inner.read[0], c.foreign) {
			t.Errorf("%s: %v were read, want the same as for an absent one", name, inner.read)
		}
	}
}

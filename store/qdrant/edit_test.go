package qdrant_test

import (
	"errors"
	"sync/atomic"
	"testing"
	"time"

	sdk "github.com/qdrant/go-client/qdrant"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"dalil/corpus"
	"dalil/store"
	"dalil/store/qdrant"
	"dalil/store/qdrant/standin"
	"dalil/store/storetest"
)

func taggedOf(tag string) []store.ArmQuery {
	return []store.ArmQuery{{Dense: corpus.Vector{1, 0, 0, 0}, Limit: 100, Filter: corpus.Filter{In: &corpus.In{Field: corpus.FieldTag, Values: []string{tag}}}}}
}

func hits(t *testing.T, s *qdrant.Store, arms []store.ArmQuery) int {
	t.Helper()
	found, err := s.Search(t.Context(), arms)
	if err != nil {
		t.Fatal(err)
	}
	return len(found[0])
}

func editOf(id, tag string) store.Edit {
	return store.Edit{Document: corpus.Document{ID: id, Title: "1", Tags: []string{tag}}, Content: "of-" + tag}
}

// A writer that dies after the commit of an edit leaves passages with the fields from before. Another
// writer sets them.
func TestAnEditThatDies(t *testing.T) {
	var server steps
	address := standin.Start(t, standin.Options{Before: server.Before}).Address()
	s := opened(t, hasty(address))
	if err := s.Edit(t.Context(), editOf("a", "old")); err != nil {
		t.Fatal(err)
	}
	var down atomic.Bool
	down.Store(true)
	server.set(func(_ string, request any) error {
		if r, is := request.(*sdk.SetPayloadPoints); is && r.GetPointsSelector().GetFilter() != nil && down.Load() {
			return status.Error(codes.InvalidArgument, "no")
		}
		return nil
	})
	var unknown *corpus.UnknownError
	if err := s.Edit(t.Context(), editOf("a", "new")); !errors.As(err, &unknown) {
		t.Errorf("an edit whose passages could not be set: %v, want an unknown outcome", err)
	}
	info, err := s.Document(t.Context(), "a")
	if err != nil || len(info.Document.Tags) != 1 || info.Document.Tags[0] != "new" {
		t.Fatalf("after the commit: %+v, %v", info.Document, err)
	}
	if n := hits(t, s, everything()); n != 3 {
		t.Errorf("%d passages are found, want 3", n)
	}
	down.Store(false)
	other := openedAt(t, at(address), 0, func(o *qdrant.Options) { o.Abandoned, o.RefreshVocabulary = time.Nanosecond, 5*time.Millisecond })
	if err := other.Put(t.Context(), []store.Entry{document("other", "1", 1)}); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(10 * time.Second); hits(t, other, taggedOf("new")) != 3; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("nobody set the fields of the passages")
		}
	}
	if n := hits(t, other, taggedOf("old")); n != 0 {
		t.Errorf("%d passages have the tag from before", n)
	}
}

// A reader that asked nothing while a document was edited does not use what it knew before.
func TestAnIdleReaderCatchesUp(t *testing.T) {
	clock := &storetest.Clock{}
	options := at(standin.Start(t, standin.Options{Now: clock.Now}).Address())
	options.Now = clock.Now
	writer := opened(t, options)
	reader, err := qdrant.Open(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { reader.Close() })
	if n := hits(t, reader, everything()); n != 3 {
		t.Fatalf("%d passages, want 3", n)
	}
	for _, hide := range []bool{true, false} {
		clock.Advance(time.Minute)
		edit := editOf("a", "x")
		if hide {
			edit.Document.VisibleFrom = clock.Now().Add(24 * time.Hour).Truncate(time.Microsecond)
		}
		if err := writer.Edit(t.Context(), edit); err != nil {
			t.Fatal(err)
		}
		clock.Advance(time.Minute)
		if n := hits(t, reader, everything()); n != map[bool]int{true: 0, false: 3}[hide] {
			t.Errorf("hidden %v: %d passages are found", hide, n)
		}
	}
}

package qdrant_test

import (
	"context"
	"fmt"
	"os"
	"sync"
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
)

// whole checks that a reader sees one revision of the document, complete, and
// returns it; "" where there is none.
func whole(t *testing.T, s *qdrant.Store, id string) string {
	t.Helper()
	found, err := s.Search(t.Context(), []store.ArmQuery{{
		Dense: corpus.Vector{1, 0, 0, 0}, Limit: 100, Filter: corpus.Filter{In: &corpus.In{Field: corpus.FieldDocumentID, Values: []string{id}}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	revision := ""
	for _, h := range found[0] {
		if revision == "" {
			revision = h.Revision
		}
		if h.Revision != revision {
			t.Fatalf("revisions %q and %q of %q in one answer", revision, h.Revision, id)
		}
	}
	if n := len(found[0]); revision != "" && n != chunksOf(revision) {
		t.Fatalf("%d passages of revision %q, want %d", n, revision, chunksOf(revision))
	}
	return revision
}

// chunksOf makes documents of different revisions differ in length.
func chunksOf(revision string) int { return 1 + int(revision[len(revision)-1]-'0')%5 }

func inCollection(t *testing.T, s *qdrant.Store) int {
	t.Helper()
	stats, err := s.Stats(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return stats.Passages
}

// A writer that dies after any of its calls leaves the old revision or the new,
// whole, and the next write of the document leaves nothing of the torn one.
func TestPutThatDies(t *testing.T) {
	for name, write := range map[string]func(context.Context, *qdrant.Store) error{
		"put": func(ctx context.Context, s *qdrant.Store) error {
			return s.Put(ctx, []store.Entry{document("a", "2", chunksOf("2"))})
		},
		"delete": func(ctx context.Context, s *qdrant.Store) error { return s.Delete(ctx, []string{"a"}) },
	} {
		t.Run(name, func(t *testing.T) {
			died := 0
			for n := 1; ; n++ {
				var server steps
				address := standin.Start(t, standin.Options{Before: server.Before}).Address()
				s := opened(t, at(address)) // holds a at revision 1, three passages
				if err := s.Put(t.Context(), []store.Entry{document("a", "1", chunksOf("1"))}); err != nil {
					t.Fatal(err)
				}
				ctx, cancel := context.WithCancel(t.Context())
				var calls atomic.Int32
				server.set(func(string, any) error {
					if int(calls.Add(1)) == n {
						cancel()
						return context.Canceled
					}
					return nil
				})
				err := write(ctx, s)
				cancel()
				server.set(nil)
				reader := opened2(t, address)
				revision := whole(t, reader, "a")
				if err == nil {
					if died < 4 {
						t.Errorf("only %d calls could fail", died)
					}
					return
				}
				died++
				if name == "put" && revision != "1" && revision != "2" {
					t.Fatalf("after call %d failed: revision %q", n, revision)
				}
				if err := reader.Put(t.Context(), []store.Entry{document("a", "3", chunksOf("3"))}); err != nil {
					t.Fatal(err)
				}
				if got := whole(t, reader, "a"); got != "3" {
					t.Fatalf("after call %d failed and another put: revision %q", n, got)
				}
				if got := inCollection(t, reader); got != chunksOf("3") {
					t.Fatalf("after call %d failed and another put: %d passages lie there, want %d", n, got, chunksOf("3"))
				}
			}
		})
	}
}

// opened2 is a second process's store of the same collection.
func opened2(t *testing.T, address string) *qdrant.Store {
	t.Helper()
	s, err := qdrant.Open(t.Context(), at(address))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// Two processes write and delete one document while a third reads: it is whole
// at every moment, and nothing lies about in the end.
func TestTwoWritersOfOneDocument(t *testing.T) {
	address := os.Getenv("DALIL_TEST_QDRANT")
	if address == "" {
		address = standin.Start(t, standin.Options{}).Address()
	}
	options := at(address)
	options.Alias, options.Timeout = fmt.Sprintf("race-%d", time.Now().UnixNano()), 10*time.Second
	t.Cleanup(func() { removeAll(t, options) })
	first := opened(t, options)
	if err := first.Delete(t.Context(), []string{"a"}); err != nil {
		t.Fatal(err)
	}
	var stop atomic.Bool
	var writing, reading sync.WaitGroup
	for w := range 2 {
		s, err := qdrant.Open(t.Context(), options)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.Close() })
		writing.Go(func() {
			for i := range 25 {
				var err error
				if i%7 == 6 {
					err = s.Delete(t.Context(), []string{"contested"})
				} else {
					revision := fmt.Sprintf("%d-%d", w, i%10)
					err = s.Put(t.Context(), []store.Entry{document("contested", revision, chunksOf(revision))})
				}
				if err != nil {
					t.Errorf("writer %d: %v", w, err)
					return
				}
			}
		})
	}
	reading.Go(func() {
		for !stop.Load() {
			whole(t, first, "contested")
		}
	})
	writing.Wait()
	stop.Store(true)
	reading.Wait()
	revision, want := whole(t, first, "contested"), 0
	if revision != "" {
		want = chunksOf(revision)
	}
	if got := inCollection(t, first); got != want {
		t.Errorf("%d passages lie there, the last revision %q has %d", got, revision, want)
	}
}

// What a write that failed left behind goes while the process lives on.
func TestOwnLeftoversGoToo(t *testing.T) {
	var open atomic.Int64 // points of the journal that were not marked done and not removed
	var server steps
	address := standin.Start(t, standin.Options{Before: server.Before}).Address()
	options := at(address)
	options.RefreshVocabulary, options.Abandoned = 20*time.Millisecond, 200*time.Millisecond
	s := opened(t, options)
	server.set(func(method string, request any) error {
		switch r := request.(type) {
		case *sdk.UpsertPoints:
			switch r.GetPoints()[0].GetPayload()["kind"].GetStringValue() {
			case "passage":
				return status.Error(codes.Unavailable, "not now")
			case "journal":
				open.Add(1)
			}
		case *sdk.DeletePoints:
			if id := r.GetPoints().GetFilter().GetMust()[0].GetHasId(); id != nil {
				open.Add(-1)
			}
		}
		return nil
	})
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if err := s.Put(ctx, []store.Entry{document("torn", "1", 2)}); err == nil {
		t.Fatal("a write that the server refused succeeded")
	}
	for deadline := time.Now().Add(10 * time.Second); open.Load() > 0; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the failed write still stands in the journal")
		}
	}
}

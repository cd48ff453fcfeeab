package qdrant_test

import (
	"errors"
	"sync/atomic"
	"testing"
	"time"

	sdk "github.com/qdrant/go-client/qdrant"

	"dalil/corpus"
	"dalil/store"
	"dalil/store/qdrant"
	"dalil/store/qdrant/standin"
)

// A write that ends after the alias has moved is not acknowledged, unless the store read
// the alias within the lease: then the activation carries it over. Later writes, and
// looks at unchanged documents, are refused, and nothing is sent.
func TestAWriteThatTheAliasOvertakesIsNotAcknowledged(t *testing.T) {
	put := func(s *qdrant.Store, id string) error { return s.Put(t.Context(), []store.Entry{document(id, "2", 1)}) }
	remove := func(s *qdrant.Store, id string) error {
		return s.DeleteIf(t.Context(), []corpus.Deletion{{ID: id}})
	}
	edit := func(s *qdrant.Store, id string) error { return s.Edit(t.Context(), editOf(id, "new")) }
	for name, test := range map[string]struct {
		lease        time.Duration
		write        func(*qdrant.Store, string) error
		acknowledged bool
	}{
		"a write":                     {time.Nanosecond, put, false},
		"a write within the lease":    {time.Hour, put, true},
		"a deletion":                  {time.Nanosecond, remove, false},
		"an edit":                     {time.Nanosecond, edit, false},
		"an edit within the lease":    {time.Hour, edit, true},
		"a deletion within the lease": {time.Hour, remove, true},
	} {
		t.Run(name, func(t *testing.T) {
			var server steps
			options := at(standin.Start(t, standin.Options{Before: server.Before}).Address())
			options.Lease = test.lease
			s := opened(t, options)
			next := activatable(t, options)
			var sent atomic.Int64
			var moved atomic.Bool
			server.set(func(_ string, request any) error {
				if up, is := request.(*sdk.UpsertPoints); is {
					sent.Add(1)
					if kind := up.GetPoints()[0].GetPayload()["kind"].GetStringValue(); kind != "document" && kind != "deleted" || moved.Swap(true) {
						return nil
					}
					return activate(t, options, next) // just before the commit
				}
				return nil
			})
			err := test.write(s, "a")
			var unknown *corpus.UnknownError
			switch {
			case !moved.Load():
				t.Fatal("the alias has not moved")
			case test.acknowledged && err != nil:
				t.Fatalf("within the lease: %v", err)
			case test.acknowledged:
				return
			case !errors.As(err, &unknown):
				t.Fatalf("got %v, want an unknown outcome", err)
			}
			wrong(t, "the write", err, corpus.ErrUnavailable, next, "write it again")
			sent.Store(0)
			wrong(t, "the next write", test.write(s, "b"), corpus.ErrUnavailable, next)
			if _, err := s.Fingerprints(t.Context(), []string{"a"}); corpus.KindOf(err) != corpus.ErrUnavailable {
				t.Errorf("an unchanged document: %v", err)
			}
			if n := sent.Load(); n > 0 {
				t.Errorf("%d requests wrote to the previous collection", n)
			}
		})
	}
}

// A store reads the alias once per lease, and not for each write.
func TestTheAliasIsReadOncePerLease(t *testing.T) {
	for lease, want := range map[time.Duration]int64{time.Hour: 0, time.Nanosecond: 6} {
		var server steps
		options := at(standin.Start(t, standin.Options{Before: server.Before}).Address())
		options.Lease = lease
		s := opened(t, options)
		var read atomic.Int64
		server.set(func(method string, _ any) error {
			if method == "ListAliases" {
				read.Add(1)
			}
			return nil
		})
		for _, id := range []string{"a", "b", "c"} {
			if err := s.Put(t.Context(), []store.Entry{document(id, "2", 1)}); err != nil {
				t.Fatal(err)
			}
		}
		if n := read.Load(); n != want {
			t.Errorf("with a lease of %v, three writes read the alias %d times, want %d", lease, n, want)
		}
	}
}

// activatable makes a second collection and returns its name.
func activatable(t *testing.T, options qdrant.Options) string {
	t.Helper()
	b, err := qdrant.BuildNew(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	if _, err := b.Create(t.Context(), settings); err != nil {
		t.Fatal(err)
	}
	return b.Collection()
}

func activate(t *testing.T, options qdrant.Options, name string) error {
	c, err := qdrant.OpenCatalogue(t.Context(), options)
	if err != nil {
		return err
	}
	defer c.Close()
	return c.Activate(t.Context(), name)
}

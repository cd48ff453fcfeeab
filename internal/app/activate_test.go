package app_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	sdk "github.com/qdrant/go-client/qdrant"

	"dalil/corpus"
	"dalil/indexer"
	"dalil/internal/app"
	"dalil/internal/config"
	"dalil/store/qdrant/standin"
)

// rebuilt builds a collection beside the active one and leaves it open.
func rebuilt(t *testing.T, c config.Config) *app.App {
	t.Helper()
	b, err := app.OpenRebuild(t.Context(), c, quiet)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.Close() })
	if summary, err := b.Rebuild(operator(t), "", func(corpus.Receipt) {}); err != nil || summary.Failed > 0 {
		t.Fatalf("rebuild: %+v, %v", summary, err)
	}
	return b
}

func openReindex(t *testing.T, c config.Config) *app.Reindex {
	t.Helper()
	r, err := app.OpenReindex(t.Context(), c, quiet)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	return r
}

// What servers that have not noticed yet acknowledge is in the new collection
// in the end, what those do that have noticed stands, whichever way the alias
// was moved. They acknowledge only while they know that it has not moved long ago.
func TestNothingIsLostWhileTheAliasMoves(t *testing.T) {
	t.Parallel() // it waits most of the time
	for way, activate := range map[string]func(b *app.App, r *app.Reindex, name string) (corpus.Lag, error){
		"rebuild --activate": func(b *app.App, _ *app.Reindex, _ string) (corpus.Lag, error) { return b.Activate(operator(t)) },
		"activate --force": func(_ *app.App, r *app.Reindex, name string) (corpus.Lag, error) {
			done, err := r.Activate(operator(t), name, true)
			if err == nil && done.Left != (corpus.Lag{Missing: 1}) {
				err = fmt.Errorf("left behind: %v, want what was written since the last pass", done.Left)
			}
			return done.Late, err
		},
	} {
		t.Run(way, func(t *testing.T) {
			c := onQdrant(t, func(c *config.Config) { c.Store.Poll = 300 * time.Millisecond })
			old := open(t, c)
			ingest(t, old, corpus.Document{ID: "stays", Text: "It stays."}, corpus.Document{ID: "goes", Text: "It goes later."}, corpus.Document{ID: "dropped", Text: "It is dropped by who has not noticed."})
			next := c
			next.Index.ChunkTokens = 60
			b := rebuilt(t, next)
			r := openReindex(t, next)
			name, err := r.Next(operator(t))
			if err != nil {
				t.Fatal(err)
			}
			ingest(t, old, corpus.Document{ID: "since", Text: "Written since the last pass."})
			done := make(chan error, 1)
			go func() {
				late, err := activate(b, r, name)
				if err == nil && late.Any() {
					err = fmt.Errorf("left behind: %v", late)
				}
				done <- err
			}()
			for activeOf(t, r) != name {
				if err := old.Delete(operator(t), []string{"never written"}); err != nil && corpus.KindOf(err) != corpus.ErrUnavailable {
					t.Fatal(err) // the server is busy, so it looks at the alias
				}
				select {
				case err := <-done:
					t.Fatalf("the alias has not moved: %v", err)
				case <-time.After(5 * time.Millisecond):
				}
			}
			late := acknowledged(t, old, "late", "Written by a server that has not noticed.")
			dropped := old.Delete(operator(t), []string{"dropped"})
			if err := b.Delete(operator(t), []string{"goes"}); err != nil {
				t.Fatal(err)
			}
			if err := <-done; err != nil {
				t.Fatal(err)
			}
			wants := map[string]bool{"stays": true, "since": true, "late": true, "goes": false, "dropped": false}
			if !late {
				t.Log("the server noticed before it wrote")
				delete(wants, "late")
			}
			if corpus.KindOf(dropped) == corpus.ErrUnavailable {
				delete(wants, "dropped")
			} else if dropped != nil {
				t.Error(dropped)
			}
			for id, want := range wants {
				if id == "since" && way == "activate --force" {
					continue // that is what force is for
				}
				if _, err := b.Document(operator(t), id, true); (err == nil) != want {
					t.Errorf("%s: %v, want it there: %v", id, err, want)
				}
			}
		})
	}
}

// acknowledged reports whether a document was written. It may be refused because the
// alias has moved.
func acknowledged(t *testing.T, a *app.App, id, text string) bool {
	t.Helper()
	raws := make(chan corpus.Raw, 1)
	raws <- corpus.Raw{Document: corpus.Document{ID: id, Text: text}}
	close(raws)
	var why error
	if err := a.Ingest(operator(t), raws, func(_ int, r corpus.Receipt) { why = r.Err }); err != nil {
		t.Fatal(err)
	}
	if why != nil && corpus.KindOf(why) != corpus.ErrUnavailable {
		t.Errorf("write %s: %v", id, why)
	}
	return why == nil
}

// A write that is stopped while the alias moves, until the activation has ended, is not
// acknowledged and missing: either it is in the new collection, or the client is told to
// send it again.
func TestAWriteThatWasStoppedDuringAnActivation(t *testing.T) {
	var first atomic.Pointer[string] // the collection before
	held, release := make(chan struct{}), make(chan struct{})
	var once sync.Once
	server := standin.Start(t, standin.Options{Before: func(_ context.Context, _ string, request any) error {
		up, is := request.(*sdk.UpsertPoints)
		if collection := first.Load(); !is || collection == nil || up.GetCollectionName() != *collection {
			return nil
		}
		if p := up.GetPoints()[0].GetPayload(); p["kind"].GetStringValue() == "document" && p["document_id"].GetStringValue() == "stopped" {
			once.Do(func() { close(held) })
			<-release
		}
		return nil
	}})
	c := settings(t, func(c *config.Config) {
		c.Store.Name, c.Store.Address, c.Store.Poll, c.Store.Timeout = "qdrant", server.Address(), 20*time.Millisecond, time.Minute
		c.Embedder.Name = "hash"
	})
	a, err := app.OpenServed(t.Context(), c, quiet, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close() })
	serve(t, a) // which follows the alias
	ingest(t, a, corpus.Document{ID: "other", Text: "Another."})
	r := openReindex(t, c)
	active := activeOf(t, r)
	first.Store(&active)
	done := make(chan bool)
	go func() { done <- acknowledged(t, a, "stopped", "It was stopped.") }()
	<-held
	err = rebuildAndActivate(operator(t), c)
	close(release)
	told := !<-done
	if err != nil || activeOf(t, r) == active {
		t.Fatalf("activate: %v", err)
	}
	last := open(t, c)
	if _, err := last.Document(operator(t), "stopped", true); err != nil && !told {
		t.Errorf("the write was acknowledged and is missing: %v", err)
	}
	for deadline := time.Now().Add(20 * time.Second); !acknowledged(t, a, "stopped", "It was stopped."); { // until the server has switched
		if time.Now().After(deadline) {
			t.Fatal("the write is refused all the time")
		}
	}
	if info, err := last.Document(operator(t), "stopped", true); err != nil || info.Document.Text != "It was stopped." {
		t.Errorf("after it was sent again: %q, %v", info.Document.Text, err)
	}
}

// What a rebuild that died carried of a document that was changed meanwhile is
// not the document.
func TestAStaleCopyIsBehind(t *testing.T) {
	c := onQdrant(t, nil)
	a := open(t, c)
	ingest(t, a, corpus.Document{ID: "d", Text: "The second version."})
	next := c
	next.Index.ChunkTokens = 60
	b := rebuilt(t, next)
	ingest(t, b, corpus.Document{ID: "d", Text: "The first version, read early and written late."})
	r := openReindex(t, next)
	name, err := r.Next(operator(t))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Activate(operator(t), name, false); err == nil || !strings.Contains(err.Error(), "1 older") {
		t.Errorf("activate with a stale copy: %v", err)
	}
	if _, err := b.Rebuild(operator(t), "", func(corpus.Receipt) {}); err != nil {
		t.Fatal(err)
	}
	if info, err := b.Document(operator(t), "d", true); err != nil || info.Document.Text != "The second version." {
		t.Errorf("after the rebuild: %q, %v", info.Document.Text, err)
	}
	if _, err := r.Activate(operator(t), name, false); err != nil {
		t.Error(err)
	}
}

// A rebuild from files without some documents does not replace the old collection.
func TestRebuildFromFewerFilesIsNotActivated(t *testing.T) {
	c := onQdrant(t, nil)
	indexSeeds(t, open(t, c))
	b, err := app.OpenRebuild(t.Context(), c, quiet)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	if _, err := b.Index(operator(t), indexer.Request{Paths: []string{"-"}, Stdin: strings.NewReader(`{"id":"one","text":"Alone."}`)}, func(corpus.Receipt) {}); err != nil {
		t.Fatal(err)
	}
	var refused *corpus.RefusedError
	if _, err := b.Activate(operator(t)); !errors.As(err, &refused) || !strings.Contains(err.Error(), "5 documents missing") {
		t.Errorf("activate: %v, want a refusal that counts what is missing", err)
	}
}

// An alias whose name begins with another's is another's business.
func TestAliasesThatBeginAlike(t *testing.T) {
	c := onQdrant(t, nil)
	long := c
	long.Store.Collection += "-en"
	t.Cleanup(func() { removeCollections(t, long) })
	indexSeeds(t, open(t, c))
	indexSeeds(t, open(t, long))
	next := long
	next.Index.ChunkTokens = 60
	rebuilt(t, next)
	r, other := openReindex(t, c), openReindex(t, long)
	theirs, err := other.Next(operator(t))
	if err != nil {
		t.Fatal(err)
	}
	if all, err := r.Collections(operator(t)); err != nil || len(all) != 1 {
		t.Errorf("collections of the shorter alias: %+v, %v, want its own alone", all, err)
	}
	for _, name := range []string{theirs, activeOf(t, other)} {
		if err := r.Drop(operator(t), name, 0); corpus.KindOf(err) != corpus.ErrMissing {
			t.Errorf("drop %s: %v", name, err)
		}
		if _, err := r.Activate(operator(t), name, true); !errors.Is(err, corpus.ErrConflict) {
			t.Errorf("activate %s: %v", name, err)
		}
	}
	if all, err := other.Collections(operator(t)); err != nil || len(all) != 2 {
		t.Errorf("collections of the longer alias: %+v, %v", all, err)
	}
}

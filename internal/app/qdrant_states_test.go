package app_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	sdk "github.com/qdrant/go-client/qdrant"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"dalil/corpus"
	"dalil/indexer"
	"dalil/internal/app"
	"dalil/internal/config"
	dalilv1 "dalil/proto/dalil/v1"
	"dalil/store/qdrant/standin"
)

// onStandin are settings for a stand-in whose calls a test sees.
func onStandin(t *testing.T, before func(ctx context.Context, method string, request any) error) (config.Config, *standin.Server) {
	server := standin.Start(t, standin.Options{Before: before})
	return settings(t, func(c *config.Config) {
		c.Store.Name, c.Store.Address, c.Store.Poll, c.Store.Collection = "qdrant", server.Address(), 10*time.Millisecond, "states"
		c.Embedder.Name = "hash"
	}), server
}

func removeAlias(t *testing.T, server *standin.Server) {
	t.Helper()
	if _, err := server.UpdateAliases(operator(t), &sdk.ChangeAliases{Actions: []*sdk.AliasOperations{sdk.NewAliasDelete("states")}}); err != nil {
		t.Fatal(err)
	}
}

func missing(t *testing.T, what string, err error) {
	t.Helper()
	if corpus.KindOf(err) != corpus.ErrMissing || !strings.Contains(err.Error(), "states-") || !strings.Contains(err.Error(), "dalil reindex activate") {
		t.Errorf("%s: got %v, want a missing alias, the collections of its name and the way out", what, err)
	}
}

// A lost alias is an error everywhere, and the way out works.
func TestALostAlias(t *testing.T) {
	c, server := onStandin(t, nil)
	running, err := app.OpenServed(t.Context(), c, quiet, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { running.Close() })
	connection, admin := serve(t, running)
	ingest(t, running, corpus.Document{ID: "d", Text: "A document."})
	removeAlias(t, server)
	for name, open := range map[string]func(context.Context) error{
		"search, export": func(ctx context.Context) error { _, err := app.OpenReading(ctx, c, quiet); return err },
		"index":          func(ctx context.Context) error { _, err := app.Open(ctx, c, quiet); return err },
		"dry run":        func(ctx context.Context) error { _, err := app.OpenDryRun(ctx, c, quiet); return err },
	} {
		missing(t, name, open(operator(t)))
	}
	late, err := app.OpenServed(t.Context(), c, quiet, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { late.Close() })
	missing(t, "readiness of a new server", late.Ready(operator(t)))
	lateConnection, lateAdmin := serve(t, late)
	if code, body := get(t, lateAdmin+"/readyz"); code != http.StatusServiceUnavailable {
		t.Errorf("readyz of a new server: %d %s", code, body)
	}
	_, err = dalilv1.NewSearchServiceClient(lateConnection).Search(t.Context(), &dalilv1.SearchRequest{Query: "document"})
	if status.Code(err) != codes.FailedPrecondition || !strings.Contains(err.Error(), "states-") {
		t.Errorf("search of a new server: %v, want FAILED_PRECONDITION and the collections of its name", err)
	}
	// The server that had it open goes on answering, takes no writes and says so.
	waitFor(t, func() bool { code, _ := get(t, admin+"/readyz"); return code == http.StatusServiceUnavailable })
	if answer, err := dalilv1.NewSearchServiceClient(connection).Search(t.Context(), &dalilv1.SearchRequest{Query: "document"}); err != nil || len(answer.GetPassages()) != 1 {
		t.Errorf("search of the running server: %v, %v", answer, err)
	}
	if err := running.Delete(operator(t), []string{"d"}); corpus.KindOf(err) != corpus.ErrRefusedState || !strings.Contains(err.Error(), "no longer points to a collection of Dalil") {
		t.Errorf("a write to a collection without its alias: %v", err)
	}
	if f := findings(t, c)["store"]; f.State != "failed" || !strings.Contains(f.Advice, "dalil reindex activate") {
		t.Errorf("doctor: %+v", f)
	}
	r := openReindex(t, c)
	if _, _, err := r.Rollback(operator(t)); corpus.KindOf(err) != corpus.ErrMissing {
		t.Errorf("rollback without an alias: %v", err)
	}
	all, err := r.Collections(operator(t))
	if err != nil || len(all) != 1 {
		t.Fatalf("collections: %v, %v", all, err)
	}
	if _, err := r.Activate(operator(t), all[0].Name, false); err != nil {
		t.Fatal(err)
	}
	waitFor(t, func() bool { return late.Ready(operator(t)) == nil && running.Ready(operator(t)) == nil })
	if _, err := late.Document(operator(t), "d", true); err != nil {
		t.Error(err)
	}
}

func waitFor(t *testing.T, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !done(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("it never came to that")
		}
	}
}

// A dropped collection is never taken for deleted documents.
func TestADroppedCollectionIsNotAnEmptyOne(t *testing.T) {
	c, server := onStandin(t, nil)
	a := open(t, c)
	ingest(t, a, corpus.Document{ID: "d", Text: "A document."})
	r := openReindex(t, c)
	name := activeOf(t, r)
	if _, err := server.Delete(operator(t), &sdk.DeleteCollection{CollectionName: name}); err != nil {
		t.Fatal(err)
	}
	calls := map[string]func() error{
		"document": func() error { _, err := a.Document(operator(t), "d", true); return err },
		"search":   func() error { _, err := a.Search(operator(t), corpus.Query{Text: "document", Limit: 3}); return err },
		"export":   func() error { _, err := a.Export(operator(t), io.Discard); return err },
		"list":     func() error { _, err := a.Documents(operator(t), "", 3); return err },
		"delete":   func() error { return a.Delete(operator(t), []string{"d"}) },
	}
	for what, call := range calls {
		if err := call(); corpus.KindOf(err) != corpus.ErrMissing {
			t.Errorf("%s: %v (%s), want a missing collection", what, err, corpus.KindOf(err))
		}
	}
	if _, err := app.OpenReading(t.Context(), c, quiet); corpus.KindOf(err) != corpus.ErrNotReady {
		t.Errorf("open for reading where nothing is left: %v", err)
	}
}

// A passage that is gone for good is an error that names the document, and
// indexing again mends it.
func TestAMissingPassageIsAnErrorThatEnds(t *testing.T) {
	c, _ := onStandin(t, nil)
	a := open(t, c)
	ingest(t, a, corpus.Document{ID: "whole", Text: "A whole document."}, corpus.Document{ID: "torn", Text: "A torn document."})
	info, err := a.Document(operator(t), "torn", false)
	if err != nil {
		t.Fatal(err)
	}
	client := rawClient(t, c.Store.Address)
	_, err = client.Delete(t.Context(), &sdk.DeletePoints{
		CollectionName: "states", Wait: sdk.PtrOf(true),
		Points: sdk.NewPointsSelectorFilter(&sdk.Filter{Must: []*sdk.Condition{sdk.NewHasID(sdk.NewIDUUID(corpus.NewChunkID("torn", info.Revision, 0).String()))}}),
	})
	if err != nil {
		t.Fatal(err)
	}
	for what, call := range map[string]func() error{
		"document": func() error { _, err := a.Document(operator(t), "torn", true); return err },
		"export":   func() error { _, err := a.Export(operator(t), io.Discard); return err },
	} {
		if err := call(); corpus.KindOf(err) != corpus.ErrCorrupt || !strings.Contains(err.Error(), `"torn"`) {
			t.Errorf("%s: %v, want damage that names the document", what, err)
		}
	}
	if f := findings(t, c)["passages"]; f.State != "failed" || !strings.Contains(f.Detail, `"torn"`) {
		t.Errorf("doctor: %+v", f)
	}
	ingest(t, a, corpus.Document{ID: "whole", Text: "A whole document."}, corpus.Document{ID: "torn", Text: "A torn document."})
	if whole, err := a.Document(operator(t), "torn", true); err != nil || whole.Document.Text != "A torn document." {
		t.Errorf("indexed again: %+v, %v", whole, err)
	}
	if f := findings(t, c)["passages"]; f.State != "ok" {
		t.Errorf("doctor, indexed again: %+v", f)
	}
}

func rawClient(t *testing.T, address string) *sdk.Client {
	t.Helper()
	port := 0
	for _, digit := range address[strings.LastIndexByte(address, ':')+1:] {
		port = 10*port + int(digit-'0')
	}
	client, err := sdk.NewClient(&sdk.Config{Host: "127.0.0.1", Port: port, SkipCompatibilityCheck: true, PoolSize: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { client.Close() })
	return client
}

// A run waits for a store that is away, with its input, and loses none of it.
func TestARunWaitsThroughAnOutage(t *testing.T) {
	t.Parallel() // it waits most of the time
	var calls atomic.Int64
	c, _ := onStandin(t, func(_ context.Context, method string, request any) error {
		if n := calls.Add(1); n > 40 && n < 49 {
			return status.Error(codes.Unavailable, "away")
		}
		return nil
	})
	a := open(t, c)
	var lines strings.Builder
	for i := range 300 {
		lines.WriteString(`{"id":"d` + string(rune('a'+i%26)) + strings.Repeat("x", i/26) + `","text":"A document."}` + "\n")
	}
	summary, err := a.Index(operator(t), indexer.Request{Paths: []string{"-"}, Stdin: strings.NewReader(lines.String()), RetryFor: time.Minute}, func(corpus.Receipt) {})
	if err != nil || summary.Failed > 0 || summary.Stopped != nil || summary.Indexed != 300 {
		t.Errorf("%d indexed, %d failed, stopped: %v, %v; the first failure: %+v", summary.Indexed, summary.Failed, summary.Stopped, err, first(summary.Failures))
	}
	if n := calls.Load(); n < 49 {
		t.Fatalf("the store was asked %d times, so it was never away", n)
	}
}

func first[T any](all []T) (one T) {
	if len(all) > 0 {
		one = all[0]
	}
	return one
}

// What is written to the new collection while a rebuild carries stays.
func TestARebuildReplacesNothingNewer(t *testing.T) {
	var during atomic.Pointer[func()]
	c, _ := onStandin(t, func(_ context.Context, _ string, request any) error {
		r, is := request.(*sdk.UpsertPoints)
		if is && r.GetPoints()[0].GetPayload()["kind"].GetStringValue() == "passage" {
			if f := during.Swap(nil); f != nil {
				(*f)()
			}
		}
		return nil
	})
	old := open(t, c)
	ingest(t, old, corpus.Document{ID: "d", Text: "The first text."})
	next := c
	next.Index.ChunkTokens = 60
	b := rebuilt(t, next)
	ingest(t, old, corpus.Document{ID: "d", Text: "The second text, of the old collection."})
	write := func() { ingest(t, b, corpus.Document{ID: "d", Text: "The third text, of the new collection."}) }
	during.Store(&write) // once the alias has moved, and what is late is carried
	if late, err := b.Activate(operator(t)); err != nil || late.Any() {
		t.Fatalf("activate: %v, %v", late, err)
	}
	if during.Load() != nil {
		t.Fatal("nothing was carried after the alias had moved")
	}
	info, err := open(t, next).Document(operator(t), "d", true)
	if err != nil || info.Document.Text != "The third text, of the new collection." {
		t.Errorf("the new collection holds %q, %v", info.Document.Text, err)
	}
}

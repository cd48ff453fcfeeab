package app_test

import (
	"context"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"dalil/client"
	"dalil/corpus"
	"dalil/internal/app"
	"dalil/internal/config"
	dalilv1 "dalil/proto/dalil/v1"
)

// A server that has served calls of every kind and was closed leaves no goroutine,
// not even those of calls whose callers left.
func TestAClosedServerLeavesNoGoroutine(t *testing.T) {
	for _, store := range []string{"local", "qdrant"} {
		t.Run(store, func(t *testing.T) {
			var down atomic.Bool
			with := func(c *config.Config) {
				c.Embedder = config.Embedder{Name: "tei", URL: startTEI(t, &down), Dimensions: 32}
				c.Store.Poll = 10 * time.Millisecond
				c.Server.Drain = 5 * time.Second
			}
			c := settings(t, with)
			if store == "qdrant" {
				c = onQdrant(t, with)
			}
			before := goleak.IgnoreCurrent() // the servers that stand in for providers
			a, err := app.OpenServed(t.Context(), c, quiet, nil)
			if err != nil {
				t.Fatal(err)
			}
			ctx, stop := context.WithCancel(t.Context())
			addresses, done := make(chan [2]string, 1), make(chan error, 1)
			go func() { done <- a.Serve(ctx, func(at app.Addresses) { addresses <- [2]string{at.GRPC, at.Admin} }) }()
			at := <-addresses
			connection, err := client.Dial(at[0], client.Direct())
			if err != nil {
				t.Fatal(err)
			}
			raws := make(chan corpus.Raw, 64)
			for i := range cap(raws) {
				raws <- corpus.Raw{Document: corpus.Document{ID: string(rune('a' + i)), Text: "Rivers cross the old city."}}
			}
			close(raws)
			indexed := 0
			if err := client.Ingest(ctx, connection, raws, func(corpus.Receipt) { indexed++ }); err != nil || indexed != 64 {
				t.Fatalf("%d documents, %v", indexed, err)
			}
			useServer(t, connectionOf{dalilv1.NewSearchServiceClient(connection), dalilv1.NewDocumentServiceClient(connection), dalilv1.NewAdminServiceClient(connection)}, "http://"+at[1])
			stop()
			if err := <-done; err != nil {
				t.Errorf("serve: %v", err)
			}
			if err := a.Close(); err != nil {
				t.Error(err)
			}
			connection.Close()
			http.DefaultClient.CloseIdleConnections()
			goleak.VerifyNone(t, before, goleak.IgnoreAnyFunction("net/http.(*persistConn).readLoop"), goleak.IgnoreAnyFunction("net/http.(*persistConn).writeLoop"),
				goleak.IgnoreAnyFunction("net/http.(*conn).serve"))
		})
	}
}

// connectionOf are the services of one connection.
type connectionOf struct {
	search    dalilv1.SearchServiceClient
	documents dalilv1.DocumentServiceClient
	admin     dalilv1.AdminServiceClient
}

// useServer makes calls of every kind, some of which it leaves.
func useServer(t *testing.T, to connectionOf, admin string) {
	t.Helper()
	var callers sync.WaitGroup
	for range 16 { // the same question at once: shared, and grouped
		callers.Go(func() {
			if _, err := to.search.Search(t.Context(), &dalilv1.SearchRequest{Query: "rivers"}); err != nil {
				t.Error(err)
			}
		})
		callers.Go(func() {
			left, leave := context.WithTimeout(t.Context(), time.Millisecond)
			defer leave()
			_, _ = to.search.Search(left, &dalilv1.SearchRequest{Query: "old city"})
		})
	}
	callers.Wait()
	left, leave := context.WithCancel(t.Context())
	stream, err := to.documents.IngestDocuments(left)
	if err != nil {
		t.Fatal(err)
	}
	request := &dalilv1.IngestDocumentsRequest{Document: &dalilv1.DocumentInput{DocumentId: "left", Content: &dalilv1.DocumentInput_Text{Text: "Rivers."}}}
	if err := stream.Send(request); err != nil {
		t.Fatal(err)
	}
	leave()
	if stream, err = to.documents.IngestDocuments(t.Context()); err != nil { // open when the server stops
		t.Fatal(err)
	}
	if err := stream.Send(request); err != nil {
		t.Fatal(err)
	}
	if _, err := stream.Recv(); err != nil {
		t.Fatal(err)
	}
	// Refused where the store keeps one collection, else it runs when the server stops.
	_, _ = to.admin.StartRebuild(t.Context(), &dalilv1.StartRebuildRequest{})
	if code, _ := get(t, admin+"/metrics"); code != http.StatusOK {
		t.Errorf("metrics: %d", code)
	}
}

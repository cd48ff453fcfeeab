package qdrant_test

import (
	"context"
	"fmt"
	"net"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	sdk "github.com/qdrant/go-client/qdrant"
	_ "google.golang.org/grpc/encoding/gzip" // as the program that serves
	"google.golang.org/grpc/metadata"

	"dalil/corpus"
	"dalil/store"
	"dalil/store/qdrant"
	"dalil/store/qdrant/standin"
)

// watcher is told every call.
type watcher struct {
	gets, scrolls atomic.Int64
	compressed    atomic.Int64 // calls that ask for compressed answers
}

func (w *watcher) Before(ctx context.Context, method string, request any) error {
	md, _ := metadata.FromIncomingContext(ctx)
	for _, encodings := range md.Get("grpc-accept-encoding") {
		if encodings != "dalil-plain" {
			w.compressed.Add(1)
		}
	}
	switch r := request.(type) {
	case *sdk.GetPoints:
		w.gets.Add(1)
	case *sdk.ScrollPoints:
		for _, c := range r.GetFilter().GetMust() {
			if c.GetField().GetMatch().GetKeyword() == "document" {
				w.scrolls.Add(1)
			}
		}
	}
	return nil
}

func TestQuestionsReadNoManifestsOnceWarm(t *testing.T) {
	var w watcher
	server := standin.Start(t, standin.Options{Before: w.Before})
	writer := opened(t, at(server.Address()))
	entries := make([]store.Entry, 100)
	for i := range entries {
		entries[i] = document(fmt.Sprint("d", i), "1", 1)
		entries[i].Points[0].Sparse = corpus.Sparse{Dimensions: []uint32{uint32(1000 + i)}, Weights: []float32{1}}
	}
	if err := writer.Put(t.Context(), entries); err != nil {
		t.Fatal(err)
	}
	forgetJournal(t, server.Address(), writer.Collection())
	w.compressed.Store(0) // that was a bare client
	reader, err := qdrant.Open(t.Context(), at(server.Address()))
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	for i := range entries { // each is asked for once
		before := w.gets.Load()
		found, err := reader.Search(t.Context(), []store.ArmQuery{{Sparse: entries[i].Points[0].Sparse, Limit: 10}})
		if err != nil || len(found[0]) != 1 {
			t.Fatalf("got %v, %v", found, err)
		}
		if w.gets.Load() == before {
			if n := w.scrolls.Load(); n != 1 {
				t.Errorf("manifests were listed %d times, want once, by the reader alone", n)
			}
			if n := w.compressed.Load(); n > 0 {
				t.Errorf("%d calls let the server compress its answer", n)
			}
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatal("every question read manifests")
}

// forgetJournal makes all documents old.
func forgetJournal(t *testing.T, address, collection string) {
	t.Helper()
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		t.Fatal(err)
	}
	number, err := strconv.Atoi(port)
	if err != nil {
		t.Fatal(err)
	}
	client, err := sdk.NewClient(&sdk.Config{Host: host, Port: number, SkipCompatibilityCheck: true, PoolSize: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	_, err = client.Delete(t.Context(), &sdk.DeletePoints{CollectionName: collection, Wait: sdk.PtrOf(true), Points: sdk.NewPointsSelectorFilter(&sdk.Filter{
		Must: []*sdk.Condition{sdk.NewMatchKeyword("kind", "journal")},
	})})
	if err != nil {
		t.Fatal(err)
	}
}

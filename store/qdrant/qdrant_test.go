package qdrant_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"testing"
	"time"

	"dalil/corpus"
	"dalil/store"
	"dalil/store/qdrant"
	"dalil/store/qdrant/standin"
	"dalil/store/storetest"
)

// TestLaws runs every law of package store on the stand-in; TestLawsLive proves
// on a real server that it is faithful.
func TestLaws(t *testing.T) {
	laws(t, standin.Start(t, standin.Options{}).Address(), storetest.Harness{Steps: 2000})
}

func TestLawsLive(t *testing.T) {
	address := os.Getenv("DALIL_TEST_QDRANT")
	if address == "" {
		t.Skip("the laws ran on the stand-in alone: DALIL_TEST_QDRANT names no server")
	}
	laws(t, address, storetest.Harness{Steps: 600, CountsGone: true})
}

var run = time.Now().UnixNano()

func laws(t *testing.T, address string, harness storetest.Harness) {
	n := 0
	storetest.Run(t, func(t *testing.T) storetest.Harness {
		n++
		clock := &storetest.Clock{}
		options := qdrant.Options{
			Server: qdrant.Server{Address: address}, Alias: fmt.Sprintf("test-%d-%d", run, n), Numbers: []string{"price", "score"},
			RefreshVocabulary: time.Hour, Log: slog.New(slog.DiscardHandler), Now: clock.Now,
		}
		t.Cleanup(func() { removeAll(t, options) })
		h := harness
		h.Clock = clock
		h.Open = func(ctx context.Context, p corpus.Pipeline) (store.Store, error) {
			o := options
			o.Pipeline = p
			return qdrant.Open(ctx, o)
		}
		return h
	})
}

// removeAll leaves nothing behind on a real server.
func removeAll(t *testing.T, options qdrant.Options) {
	t.Helper()
	ctx := context.Background()
	catalogue, err := qdrant.OpenCatalogue(ctx, options)
	if err != nil {
		t.Error(err)
		return
	}
	if err := errors.Join(catalogue.RemoveAll(ctx), catalogue.Close()); err != nil {
		t.Errorf("remove the test's collections: %v", err)
	}
}

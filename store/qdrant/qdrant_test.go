package qdrant_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync/atomic"
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
	storetest.Run(t, places(standin.Start(t, standin.Options{}).Address(), storetest.Harness{Steps: 2000}))
}

func TestLawsLive(t *testing.T) {
	storetest.Run(t, places(live(t), storetest.Harness{Steps: 600, CountsGone: true}))
}

// perTenant is the first version with frequencies for each tenant.
const perTenant = "1.19.0"

// TestTenantLaws runs the laws of a store that tenants share.
func TestTenantLaws(t *testing.T) {
	storetest.RunTenants(t, places(standin.Start(t, standin.Options{Version: perTenant}).Address(), storetest.Harness{Steps: 500}))
}

func TestTenantLawsLive(t *testing.T) {
	storetest.RunTenants(t, places(live(t), storetest.Harness{Steps: 200, CountsGone: true}))
}

// live is the address of a real server.
func live(t *testing.T) string {
	address := os.Getenv("DALIL_TEST_QDRANT")
	if address == "" {
		t.Skip("the laws ran on the stand-in alone: DALIL_TEST_QDRANT names no server")
	}
	return address
}

var (
	run   = time.Now().UnixNano()
	taken atomic.Int64 // places
)

// places returns a function that provides a place of its own for each law.
func places(address string, harness storetest.Harness) func(*testing.T) storetest.Harness {
	return func(t *testing.T) storetest.Harness {
		clock := &storetest.Clock{}
		options := qdrant.Options{
			Server: qdrant.Server{Address: address}, Alias: fmt.Sprintf("test-%d-%d", run, taken.Add(1)), Numbers: []string{"price", "score"},
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
	}
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

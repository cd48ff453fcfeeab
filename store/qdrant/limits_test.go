package qdrant_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	sdk "github.com/qdrant/go-client/qdrant"
	"google.golang.org/grpc/codes"
	state "google.golang.org/grpc/status"

	"dalil/corpus"
	"dalil/store"
	"dalil/store/qdrant"
	"dalil/store/qdrant/standin"
)

// A rate limit is waited for; a request that is too large is cut in halves, and
// a single point that is too large is reported by its document.
func TestLimits(t *testing.T) {
	var server steps
	s := opened(t, at(standin.Start(t, standin.Options{Before: server.Before}).Address()))
	var limited atomic.Int32
	server.set(func(method string, _ any) error {
		if method == "Upsert" && limited.Add(1) <= 2 {
			return state.Error(codes.ResourceExhausted, "too many requests")
		}
		return nil
	})
	if err := s.Put(t.Context(), []store.Entry{document("b", "1", 2)}); err != nil {
		t.Errorf("rate limited: %v", err)
	}
	var sizes []int
	var mu sync.Mutex
	server.set(func(method string, request any) error {
		if upsert, ok := request.(*sdk.UpsertPoints); ok {
			mu.Lock()
			defer mu.Unlock()
			sizes = append(sizes, len(upsert.GetPoints()))
			for _, p := range upsert.GetPoints() {
				if p.GetPayload()["text"].GetStringValue() == "c12" {
					return state.Error(codes.ResourceExhausted, "request is too large")
				}
			}
		}
		return nil
	})
	err := s.Put(t.Context(), []store.Entry{document("c", "1", 4)})
	if !errors.Is(err, corpus.ErrExhausted) || !strings.Contains(err.Error(), `passage 2 of "c"`) {
		t.Errorf("too large: got %v, want the passage named", err)
	}
	if !slices.Contains(sizes, 4) || !slices.Contains(sizes, 2) || !slices.Contains(sizes, 1) {
		t.Errorf("requests had %v points, want halves down to one", sizes)
	}
	server.set(nil)
	if found, err := s.Search(t.Context(), everything()); err != nil || len(found[0]) != 5 {
		t.Errorf("what failed is seen: %d passages, %v, want 5", len(found[0]), err)
	}
}

func TestWritesUnderWayAreBounded(t *testing.T) {
	const want = 4
	var now, most, came atomic.Int64
	full := make(chan struct{})
	var running atomic.Pointer[qdrant.Store]
	s := opened(t, at(standin.Start(t, standin.Options{Before: func(ctx context.Context, method string, _ any) error {
		s := running.Load()
		if method != "Upsert" || s == nil {
			return nil
		}
		for n := now.Add(1); n > most.Load(); {
			most.Store(n)
		}
		defer now.Add(-1)
		if came.Add(1) == want {
			close(full)
		}
		select {
		case <-full:
		case <-ctx.Done():
			return ctx.Err()
		}
		_, err := s.Stats(ctx) // a write that was sent by now arrives first
		return err
	}}).Address()))
	running.Store(s)
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			if err := s.Put(t.Context(), []store.Entry{document(fmt.Sprint("p", i), "1", 600)}); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n := most.Load(); n != want {
		t.Errorf("%d writes were under way at a time, want %d", n, want)
	}
}

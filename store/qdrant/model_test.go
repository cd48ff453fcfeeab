package qdrant_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	sdk "github.com/qdrant/go-client/qdrant"

	"dalil/corpus"
	"dalil/store"
	"dalil/store/qdrant"
	"dalil/store/qdrant/standin"
	"dalil/store/storetest"
)

// Three writers whose clocks differ write the same documents, carry some from
// another collection, take each other's writes for abandoned, and are suspended in
// the middle of writes. Nothing that was acknowledged is lost or doubled, and
// nothing older is on top.
func TestModelOfWriters(t *testing.T) {
	for seed := range uint64(2) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) { modelOfWriters(t, seed) })
	}
}

func TestModelOfWritersLive(t *testing.T) {
	if os.Getenv("DALIL_TEST_QDRANT") == "" {
		t.Skip("DALIL_TEST_QDRANT names no server")
	}
	modelOfWriters(t, 1)
}

func modelOfWriters(t *testing.T, seed uint64) {
	const documents, steps = 6, 40
	var suspend atomic.Int64
	address := os.Getenv("DALIL_TEST_QDRANT")
	if address == "" || t.Name() != "TestModelOfWritersLive" {
		// Every so many calls that write passages or manifests are held up, while the
		// others write and heal.
		address = standin.Start(t, standin.Options{Before: func(ctx context.Context, _ string, request any) error {
			if _, is := request.(*sdk.UpsertPoints); is && suspend.Add(1)%11 == 0 {
				select {
				case <-ctx.Done():
				case <-time.After(30 * time.Millisecond):
				}
			}
			return nil
		}}).Address()
	}
	alias := fmt.Sprintf("model-%d", time.Now().UnixNano())
	opening := func(by time.Duration) qdrant.Options {
		o := at(address)
		o.Alias, o.Timeout, o.Now = alias, 20*time.Second, ahead(by)
		o.Abandoned, o.RefreshVocabulary = time.Nanosecond, 7*time.Millisecond // whoever looks takes it for abandoned
		return o
	}
	t.Cleanup(func() { removeAll(t, opening(0)) })
	m := &storetest.Writes{}
	var all sync.WaitGroup
	var stores []*qdrant.Store
	for w, by := range []time.Duration{-2 * time.Minute, 0, 2 * time.Minute} {
		s, err := qdrant.Open(t.Context(), opening(by))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.Close() })
		if _, err := s.Create(t.Context(), settings); err != nil {
			t.Fatal(err)
		}
		stores = append(stores, s)
		random := rand.New(rand.NewPCG(seed, uint64(w)))
		all.Go(func() {
			for step := range steps {
				writeOne(t, m, s, random, fmt.Sprintf("w%d-%d-", w, step), documents)
			}
		})
	}
	all.Wait()
	check(t, m, stores[1])
}

// writeOne makes one random write.
func writeOne(t *testing.T, m *storetest.Writes, s *qdrant.Store, random *rand.Rand, name string, documents int) {
	begun := m.Begin()
	if random.IntN(5) == 0 {
		id := fmt.Sprint("d", random.IntN(documents))
		err := s.Delete(t.Context(), []string{id})
		m.End(id, "", begun, err == nil)
		conflictOnly(t, err)
		return
	}
	var entries []store.Entry
	states := map[string]string{}
	for range 1 + random.IntN(3) {
		id, chunks := fmt.Sprint("d", random.IntN(documents)), 1+random.IntN(4)
		if _, twice := states[id]; twice {
			continue
		}
		entry := document(id, fmt.Sprint(name, chunks), chunks)
		entries = append(entries, entry)
		states[id] = entry.Fingerprint
	}
	err := s.Put(t.Context(), entries)
	var some *store.PutError
	for id, state := range states {
		m.End(id, state, begun, err == nil || errors.As(err, &some) && some.Failed[id] == nil)
	}
	conflictOnly(t, err)
}

func conflictOnly(t *testing.T, err error) {
	if err != nil && corpus.KindOf(err) != corpus.ErrConflict {
		t.Errorf("write: %v", err)
	}
}

// check compares what is held with the model.
func check(t *testing.T, m *storetest.Writes, s *qdrant.Store) {
	t.Helper()
	passages := 0
	for _, id := range m.IDs() {
		info, err := s.Document(t.Context(), id)
		if err != nil && !errors.Is(err, corpus.ErrNotFound) {
			t.Fatal(err)
		}
		if err := m.Check(id, info.Fingerprint); err != nil {
			t.Error(err)
		}
		if err == nil {
			passages += info.Chunks
			if held, err := s.Fingerprints(t.Context(), []string{id}); err != nil || held[id] == "" {
				t.Errorf("document %s: passages of %q are gone, %v", id, info.Fingerprint, err)
			}
		}
	}
	found, err := s.Search(t.Context(), []store.ArmQuery{{Dense: corpus.Vector{1, 0, 0, 0}, Limit: 1000}})
	if err != nil || len(found[0]) != passages {
		t.Errorf("questions find %d passages, %v, the manifests hold %d", len(found[0]), err, passages)
	}
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(10 * time.Millisecond) { // until leftovers are removed
		stats, err := s.Stats(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if stats.Passages == passages {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d passages lie there, the manifests hold %d", stats.Passages, passages)
		}
	}
}

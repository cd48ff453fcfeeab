package qdrant_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	sdk "github.com/qdrant/go-client/qdrant"

	"dalil/corpus"
	"dalil/store"
	"dalil/store/qdrant"
	"dalil/store/qdrant/standin"
)

// effect is one put or delete of one document, and when it was under way.
type effect struct {
	revision     string // "": it was deleted
	chunks       int
	begun, ended int64 // of one counter for all writers
	acknowledged bool
}

// model is what became of every write, by document.
type model struct {
	mu    sync.Mutex
	clock int64
	of    map[string][]effect
}

func (m *model) now() int64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.clock++
	return m.clock
}

func (m *model) add(id string, e effect) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.of[id] = append(m.of[id], e)
}

// allows reports whether a state may be the last one: some write left it, and no
// acknowledged write began after that one had ended.
func (m *model) allows(id, revision string) bool {
	all := m.of[id]
	older := func(end int64) bool {
		return slices.ContainsFunc(all, func(e effect) bool { return e.acknowledged && e.begun > end })
	}
	if revision == "" && !older(0) {
		return true // nothing was acknowledged
	}
	return slices.ContainsFunc(all, func(e effect) bool { return e.revision == revision && !older(e.ended) })
}

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
	m := &model{of: map[string][]effect{}}
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
func writeOne(t *testing.T, m *model, s *qdrant.Store, random *rand.Rand, name string, documents int) {
	e := effect{begun: m.now()}
	if random.IntN(5) == 0 {
		id := fmt.Sprint("d", random.IntN(documents))
		err := s.Delete(t.Context(), []string{id})
		e.acknowledged, e.ended = err == nil, m.now()
		m.add(id, e)
		conflictOnly(t, err)
		return
	}
	var entries []store.Entry
	ids := map[string]effect{}
	for range 1 + random.IntN(3) {
		id, chunks := fmt.Sprint("d", random.IntN(documents)), 1+random.IntN(4)
		if _, twice := ids[id]; twice {
			continue
		}
		entry := document(id, fmt.Sprint(name, chunks), chunks)
		entries = append(entries, entry)
		ids[id] = effect{revision: entry.Fingerprint, chunks: chunks}
	}
	err := s.Put(t.Context(), entries)
	ended := m.now()
	var some *store.PutError
	for id, one := range ids {
		one.begun, one.ended = e.begun, ended
		one.acknowledged = err == nil || errors.As(err, &some) && some.Failed[id] == nil
		m.add(id, one)
	}
	conflictOnly(t, err)
}

func conflictOnly(t *testing.T, err error) {
	if err != nil && corpus.KindOf(err) != corpus.ErrConflict {
		t.Errorf("write: %v", err)
	}
}

// check compares what is held with the model.
func check(t *testing.T, m *model, s *qdrant.Store) {
	t.Helper()
	passages := 0
	for id, all := range m.of {
		info, err := s.Document(t.Context(), id)
		if err != nil && !errors.Is(err, corpus.ErrNotFound) {
			t.Fatal(err)
		}
		if !m.allows(id, info.Fingerprint) {
			t.Errorf("document %s: %q is held, which no order of the acknowledged writes leaves:\n%+v", id, info.Fingerprint, all)
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

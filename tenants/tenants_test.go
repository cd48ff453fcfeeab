package tenants_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dalil/corpus"
	"dalil/quota"
	"dalil/store"
	"dalil/store/local"
	"dalil/store/qdrant"
	"dalil/store/qdrant/standin"
	"dalil/store/storetest"
	"dalil/tenants"
)

// onEachStore runs a test on the embedded store and on Qdrant.
func onEachStore(t *testing.T, test func(*testing.T, store.Store)) {
	for name, open := range map[string]func(*testing.T) (store.Store, error){
		"local": func(t *testing.T) (store.Store, error) {
			return local.Open(t.Context(), local.Options{Dir: t.TempDir(), Pipeline: storetest.Pipeline()})
		},
		"qdrant": func(t *testing.T) (store.Store, error) {
			return qdrant.Open(t.Context(), qdrant.Options{
				Server: qdrant.Server{Address: standin.Start(t, standin.Options{}).Address()}, Pipeline: storetest.Pipeline(), RefreshVocabulary: time.Hour,
			})
		},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := open(t)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { s.Close() })
			if _, err := s.Create(t.Context(), storetest.Settings()); err != nil {
				t.Fatal(err)
			}
			test(t, s)
		})
	}
}

// fill writes documents of a tenant, each with two passages of five bytes.
func fill(t *testing.T, s store.Store, tenant string, n int) {
	t.Helper()
	var entries []store.Entry
	for i := range n {
		key := corpus.TenantKey(tenant, fmt.Sprintf("%04d", i))
		e := store.Entry{Document: corpus.Document{ID: key}, Fingerprint: "1"}
		for ordinal := range 2 {
			v := make(corpus.Vector, storetest.Dimensions)
			v[0] = 1
			e.Points = append(e.Points, store.Point{Dense: v, Chunk: corpus.Chunk{
				ID: corpus.NewChunkID(key, "1", ordinal), DocumentID: key, Revision: "1", Ordinal: ordinal, Text: strings.Repeat("a", 5),
				Span: corpus.Span{Start: 5 * ordinal, End: 5*ordinal + 5},
			}})
		}
		entries = append(entries, e)
	}
	if err := s.Put(t.Context(), entries); err != nil {
		t.Fatal(err)
	}
}

func of(s store.Store) *tenants.Tenants {
	return tenants.New(func(do func(store.Store) error) error { return do(s) }, func(tenant string) corpus.Quota {
		return corpus.Quota{Documents: int64(len(tenant))}
	})
}

func ignored(corpus.Progress) {}

func TestNamesAndUsage(t *testing.T) {
	onEachStore(t, func(t *testing.T, s store.Store) {
		fill(t, s, "news", 3)
		fill(t, s, "sport", 1)
		fill(t, s, "", 2)
		names, err := of(s).Names(t.Context())
		if diff := cmp.Diff([]string{"news", "sport"}, names); diff != "" || err != nil {
			t.Errorf("%v (-want +got):\n%s", err, diff)
		}
		for tenant, want := range map[string]int64{"news": 3, "sport": 1, "": 2, "none": 0} {
			used, limits, err := of(s).Usage(t.Context(), tenant)
			if err != nil || used != (corpus.Usage{Documents: want, Passages: 2 * want, Bytes: 10 * want}) || limits.Documents != int64(len(tenant)) {
				t.Errorf("%q uses %+v of %+v, %v", tenant, used, limits, err)
			}
		}
		if _, _, err := of(s).Usage(t.Context(), "No Name"); !errors.Is(err, corpus.ErrInvalid) {
			t.Errorf("an invalid name: %v", err)
		}
	})
}

func TestErase(t *testing.T) {
	onEachStore(t, func(t *testing.T, s store.Store) {
		fill(t, s, "news", 600)
		fill(t, s, "sport", 2)
		fill(t, s, "", 2)
		all := of(s)
		if n, err := all.Erase(t.Context(), "news", true, ignored); err != nil || n != 600 {
			t.Fatalf("a dry run counts %d, %v", n, err)
		}
		var last corpus.Progress
		if n, err := all.Erase(t.Context(), "news", false, func(p corpus.Progress) { last = p }); err != nil || n != 600 || last.Done != 600 {
			t.Fatalf("deleted %d, %v; progress %+v", n, err, last)
		}
		for tenant, want := range map[string]int64{"news": 0, "sport": 2, "": 2} {
			used, err := quota.Count(t.Context(), s, tenant)
			stats, statsErr := store.TenantStats(t.Context(), s, tenant)
			if err := errors.Join(err, statsErr); err != nil || used.Documents != want || stats.Documents != int(want) || stats.Passages != int(2*want) {
				t.Errorf("%q has %+v, %+v, %v", tenant, used, stats, err)
			}
		}
		if n, err := all.Erase(t.Context(), "news", false, ignored); err != nil || n != 0 {
			t.Errorf("again: %d, %v", n, err)
		}
		for _, name := range []string{"", "No Name"} {
			if _, err := all.Erase(t.Context(), name, false, ignored); !errors.Is(err, corpus.ErrInvalid) {
				t.Errorf("%q: %v", name, err)
			}
		}
	})
}

// The next tenant of a name does not meet the source versions of the former one.
func TestEraseForgetsVersions(t *testing.T) {
	s, err := local.Open(t.Context(), local.Options{Dir: t.TempDir(), Pipeline: storetest.Pipeline()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	if _, err := s.Create(t.Context(), storetest.Settings()); err != nil {
		t.Fatal(err)
	}
	fill(t, s, "news", 3)
	version := int64(7)
	var keys []string
	for _, tenant := range []string{"news", "newss", ""} {
		key := corpus.TenantKey(tenant, "gone")
		keys = append(keys, key)
		if err := s.DeleteIf(t.Context(), []corpus.Deletion{{ID: key, SourceVersion: &version}}); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.EraseTenant(t.Context(), "news"); !errors.Is(err, corpus.ErrRefusedState) {
		t.Errorf("with documents: %v", err)
	}
	if _, err := of(s).Erase(t.Context(), "news", false, ignored); err != nil {
		t.Fatal(err)
	}
	got, err := s.Versions(t.Context(), keys)
	if diff := cmp.Diff(map[string]int64{keys[1]: 7, keys[2]: 7}, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}

// busy is a store where a document is written after each deletion.
type busy struct {
	store.Store
	t *testing.T
}

func (b busy) Unwrap() store.Store { return b.Store }

func (b busy) Delete(ctx context.Context, ids []string) error {
	err := b.Store.Delete(ctx, ids)
	if len(ids) > 1 {
		fill(b.t, b.Store, "news", 2)
	}
	return err
}

// A tenant that writes meanwhile is not reported as deleted.
func TestEraseWhileWritten(t *testing.T) {
	onEachStore(t, func(t *testing.T, s store.Store) {
		fill(t, s, "news", 3)
		if n, err := of(busy{s, t}).Erase(t.Context(), "news", false, ignored); !errors.Is(err, corpus.ErrRefusedState) {
			t.Errorf("%d documents were deleted, and others are there: %v", n, err)
		}
	})
}

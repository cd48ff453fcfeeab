package quota_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dalil/corpus"
	"dalil/quota"
	"dalil/store"
	"dalil/store/local"
	"dalil/store/storetest"
)

// A store with quotas is a store.
func TestLaws(t *testing.T) {
	storetest.Run(t, func(t *testing.T) storetest.Harness {
		dir, clock := t.TempDir(), &storetest.Clock{}
		return storetest.Harness{
			Clock: clock, Steps: 300,
			Open: func(ctx context.Context, p corpus.Pipeline) (store.Store, error) {
				s, err := local.Open(ctx, local.Options{Dir: dir, Pipeline: p, Now: clock.Now})
				if err != nil {
					return nil, err
				}
				return quota.New(s, quota.Options{Of: func(string) corpus.Quota { return corpus.Quota{Documents: 1 << 40} }}), nil
			},
		}
	})
}

// failing is a store whose writes fail after they took effect, while fail is set.
type failing struct {
	store.Store
	mu   sync.Mutex
	fail error
}

func (f *failing) Unwrap() store.Store { return f.Store }

func (f *failing) set(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.fail = err
}

func (f *failing) Put(ctx context.Context, entries []store.Entry) error {
	err := f.Store.Put(ctx, entries)
	f.mu.Lock()
	defer f.mu.Unlock()
	if err == nil {
		err = f.fail
	}
	return err
}

var limits = map[string]corpus.Quota{
	"documents": {Documents: 3}, "passages": {Passages: 5}, "bytes": {Bytes: 100}, "small": {Documents: 2, Bytes: 40},
}

func opened(t *testing.T, options quota.Options) (*quota.Store, *failing) {
	t.Helper()
	inner, err := local.Open(t.Context(), local.Options{Dir: t.TempDir(), Pipeline: storetest.Pipeline()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { inner.Close() })
	if _, err := inner.Create(t.Context(), storetest.Settings()); err != nil {
		t.Fatal(err)
	}
	options.Of = func(tenant string) corpus.Quota { return limits[tenant] }
	f := &failing{Store: inner}
	return quota.New(f, options), f
}

// entry is a document of so many passages of ten bytes.
func entry(tenant, id string, passages int) store.Entry {
	key := corpus.TenantKey(tenant, id)
	revision := fmt.Sprint(passages)
	e := store.Entry{Document: corpus.Document{ID: key}, Fingerprint: revision}
	for i := range passages {
		v := make(corpus.Vector, storetest.Dimensions)
		v[0] = 1
		e.Points = append(e.Points, store.Point{
			Chunk: corpus.Chunk{
				ID: corpus.NewChunkID(key, revision, i), DocumentID: key, Revision: revision, Ordinal: i,
				Text: strings.Repeat("a", 10), Span: corpus.Span{Start: 10 * i, End: 10*i + 10},
			},
			Dense: v,
		})
	}
	return e
}

func put(s store.Store, entries ...store.Entry) error { return s.Put(context.Background(), entries) }

// refused checks that a write was refused because of a resource.
func refused(t *testing.T, err error, resource string, used, wanted int64) {
	t.Helper()
	var over *corpus.QuotaError
	if !errors.As(err, &over) || !errors.Is(err, corpus.ErrExhausted) {
		t.Fatalf("got %v, want a QuotaError", err)
	}
	if over.Resource != resource || over.Used != used || over.Wanted != wanted {
		t.Errorf("got %+v, want %s: %d used, %d wanted", over, resource, used, wanted)
	}
}

func TestEachResourceIsLimited(t *testing.T) {
	s, _ := opened(t, quota.Options{})
	for _, one := range []struct {
		tenant, resource string
		fits, over       store.Entry
		used, wanted     int64
	}{
		{"documents", "documents", entry("documents", "c", 9), entry("documents", "d", 1), 3, 1},
		{"passages", "passages", entry("passages", "c", 3), entry("passages", "d", 1), 5, 1},
		{"bytes", "bytes", entry("bytes", "c", 8), entry("bytes", "d", 2), 100, 20},
	} {
		if err := put(s, entry(one.tenant, "a", 1), entry(one.tenant, "b", 1), one.fits); err != nil {
			t.Fatal(err)
		}
		refused(t, put(s, one.over), one.resource, one.used, one.wanted)
		if _, err := s.Document(t.Context(), one.over.Document.ID); !errors.Is(err, corpus.ErrNotFound) {
			t.Errorf("%s: the refused document: %v", one.tenant, err)
		}
		if err := put(s, entry("other", "d", 50)); err != nil {
			t.Errorf("a tenant without a quota: %v", err)
		}
	}
}

// Of one call, what fits is written, and the others are named.
func TestWhatFitsIsWritten(t *testing.T) {
	s, _ := opened(t, quota.Options{})
	err := put(s, entry("documents", "a", 1), entry("documents", "b", 1), entry("documents", "c", 1), entry("documents", "d", 1), entry("", "e", 1))
	var some *store.PutError
	if !errors.As(err, &some) || len(some.Failed) != 1 {
		t.Fatalf("got %v", err)
	}
	refused(t, some.Failed["\x01documents\x01d"], "documents", 3, 1)
	if _, err := s.Document(t.Context(), "e"); err != nil {
		t.Error(err)
	}
}

// A replaced document counts once, a smaller one gives back, and deletions are free.
func TestReplacedAndDeleted(t *testing.T) {
	s, _ := opened(t, quota.Options{})
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(put(s, entry("bytes", "a", 6), entry("bytes", "b", 4)))
	must(put(s, entry("bytes", "a", 6)))
	refused(t, put(s, entry("bytes", "a", 7)), "bytes", 100, 10)
	must(put(s, entry("bytes", "a", 2)))
	must(put(s, entry("bytes", "c", 4)))
	refused(t, put(s, entry("bytes", "d", 1)), "bytes", 100, 10)
	must(s.Delete(t.Context(), []string{"\x01bytes\x01b", "\x01bytes\x01none"}))
	must(put(s, entry("bytes", "d", 3)))
	must(s.DeleteIf(t.Context(), []corpus.Deletion{{ID: "\x01bytes\x01c"}, {ID: "\x01bytes\x01a", Expired: true}}))
	must(put(s, entry("bytes", "e", 5)))
	refused(t, put(s, entry("bytes", "f", 1)), "bytes", 100, 10)
	twice := entry("bytes", "e", 1)
	must(put(s, entry("bytes", "e", 99), twice)) // the later one remains
	want := []quota.Used{{Tenant: "bytes", Usage: corpus.Usage{Documents: 3, Passages: 6, Bytes: 60}, Quota: corpus.Quota{Bytes: 100}}}
	if diff := cmp.Diff(want, s.Used()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	counted, err := quota.Count(t.Context(), s, "bytes")
	if err != nil || counted != want[0].Usage {
		t.Errorf("counted %+v, %v", counted, err)
	}
}

// What was there before this process counts.
func TestDocumentsThatWereThere(t *testing.T) {
	s, inner := opened(t, quota.Options{})
	for i := range 3 {
		if err := put(inner, entry("documents", fmt.Sprint(i), 1)); err != nil {
			t.Fatal(err)
		}
	}
	refused(t, put(s, entry("documents", "x", 1)), "documents", 3, 1)
}

// A write that fails gives its reservation back; if it may have taken effect, the
// documents are counted before another is refused.
func TestFailedWrites(t *testing.T) {
	s, inner := opened(t, quota.Options{})
	stale := entry("documents", "a", 1)
	stale.If = corpus.Condition{ETag: "x"}
	for range 5 {
		if err := put(s, stale); !errors.Is(err, corpus.ErrConflict) {
			t.Fatal(err)
		}
	}
	if used := s.Used()[0].Usage; used != (corpus.Usage{}) {
		t.Errorf("after refused writes: %+v", used)
	}
	inner.set(corpus.Errorf(corpus.ErrUnavailable, "gone"))
	if err := put(s, entry("documents", "a", 1), entry("documents", "b", 1)); !errors.Is(err, corpus.ErrUnavailable) {
		t.Fatal(err)
	}
	inner.set(nil)
	if err := inner.Delete(t.Context(), []string{"\x01documents\x01b"}); err != nil { // as if it had not been written
		t.Fatal(err)
	}
	for _, id := range []string{"c", "d"} {
		if err := put(s, entry("documents", id, 1)); err != nil {
			t.Fatal(err)
		}
	}
	refused(t, put(s, entry("documents", "e", 1)), "documents", 3, 1)
}

// Another process writes to the same collection, and the documents are counted again.
func TestOtherProcesses(t *testing.T) {
	now := time.Now()
	s, inner := opened(t, quota.Options{Recount: 5 * time.Minute, Now: func() time.Time { return now }})
	if err := put(s, entry("documents", "a", 1)); err != nil {
		t.Fatal(err)
	}
	if err := put(inner, entry("documents", "b", 1), entry("documents", "c", 1)); err != nil {
		t.Fatal(err)
	}
	now = now.Add(6 * time.Minute)
	refused(t, put(s, entry("documents", "d", 1)), "documents", 3, 1)
	if err := inner.Delete(t.Context(), []string{"\x01documents\x01b"}); err != nil {
		t.Fatal(err)
	}
	now = now.Add(2 * time.Minute)
	if err := put(s, entry("documents", "d", 1)); err != nil {
		t.Errorf("after another process deleted one: %v", err)
	}
}

// Concurrent writers never exceed a quota, and use it up.
func TestConcurrentWriters(t *testing.T) {
	s, inner := opened(t, quota.Options{})
	var wg sync.WaitGroup
	for w := range 8 {
		wg.Go(func() {
			for i := range 20 {
				err := put(s, entry("small", fmt.Sprint((w+i)%5), 1+(w+i)%3))
				if err != nil && !errors.Is(err, corpus.ErrExhausted) {
					t.Error(err)
				}
				if i%7 == w%7 {
					if err := s.Delete(context.Background(), []string{corpus.TenantKey("small", fmt.Sprint(i%5))}); err != nil {
						t.Error(err)
					}
				}
				if used, err := quota.Count(context.Background(), inner, "small"); err != nil || used.Documents > 2 || used.Bytes > 40 {
					t.Errorf("used %+v, %v", used, err)
				}
			}
		})
	}
	wg.Wait()
	counted, err := quota.Count(t.Context(), inner, "small")
	i := slices.IndexFunc(s.Used(), func(u quota.Used) bool { return u.Tenant == "small" })
	if used := s.Used()[i].Usage; err != nil || used != counted {
		t.Errorf("the account has %+v, the store %+v, %v", used, counted, err)
	}
	for i := range 20 {
		if err := put(s, entry("small", fmt.Sprint("last", i), 1)); errors.Is(err, corpus.ErrExhausted) {
			break
		}
	}
	if counted, err = quota.Count(t.Context(), inner, "small"); err != nil || counted.Documents != 2 {
		t.Errorf("the quota is not used up: %+v, %v", counted, err)
	}
}

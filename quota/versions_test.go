package quota_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"dalil/corpus"
	"dalil/quota"
	"dalil/store"
	"dalil/store/local"
	"dalil/store/storetest"
)

// versions is a store whose tenants may keep three source versions, and its clock.
func versions(t *testing.T) (s *quota.Store, inner store.Store, clock *storetest.Clock) {
	t.Helper()
	clock = &storetest.Clock{}
	inner, err := local.Open(t.Context(), local.Options{Dir: t.TempDir(), Pipeline: storetest.Pipeline(), Now: clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { inner.Close() })
	if _, err := inner.Create(t.Context(), storetest.Settings()); err != nil {
		t.Fatal(err)
	}
	limit := func(string) corpus.Quota { return corpus.Quota{Versions: 3} }
	return quota.New(inner, quota.Options{Of: limit, Now: clock.Now}), inner, clock
}

func versioned(id string, version int64) store.Entry {
	e := entry("news", id, 1)
	e.Document.SourceVersion = &version
	return e
}

func deletion(id string, version int64) corpus.Deletion {
	return corpus.Deletion{ID: corpus.TenantKey("news", id), SourceVersion: &version}
}

// usesVersions checks what the account has, and that the store has as many.
func usesVersions(t *testing.T, s *quota.Store, want int64) {
	t.Helper()
	if got := s.Used()[0].Usage.Versions; got != want {
		t.Errorf("the account has %d versions, want %d", got, want)
	}
	if counted, err := quota.Count(t.Context(), s, "news"); err != nil || counted.Versions != want {
		t.Errorf("the store has %+v, %v, want %d versions", counted, err, want)
	}
}

// The versions of ids that never had a document are limited from the first call on.
func TestDeletionsOfNothingAreLimited(t *testing.T) {
	s, inner, _ := versions(t)
	if err := inner.DeleteIf(t.Context(), []corpus.Deletion{deletion("before", 1)}); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second time, nothing is added
		if err := s.DeleteIf(t.Context(), []corpus.Deletion{deletion("a", 2), deletion("b", 1), deletion("a", 2)}); err != nil {
			t.Fatal(err)
		}
		usesVersions(t, s, 3)
	}
	var some *store.PutError
	err := s.DeleteIf(t.Context(), []corpus.Deletion{deletion("c", 1), deletion("a", 9), {ID: corpus.TenantKey("news", "d")}, deletion("e", 1)})
	if !errors.As(err, &some) || len(some.Failed) != 2 {
		t.Fatalf("got %v", err)
	}
	for _, id := range []string{"c", "e"} {
		refused(t, some.Failed[corpus.TenantKey("news", id)], "versions", 3, 1)
	}
	held, err := s.Versions(t.Context(), []string{corpus.TenantKey("news", "a"), corpus.TenantKey("news", "c")})
	if err != nil || len(held) != 1 || held[corpus.TenantKey("news", "a")] != 9 {
		t.Errorf("versions %v, %v", held, err)
	}
	if err := s.Delete(t.Context(), []string{corpus.TenantKey("news", "f")}); err != nil {
		t.Errorf("without a version: %v", err)
	}
}

// A document can always be deleted. Then new documents are refused, until versions are a
// week old. A document whose version is kept may be written again.
func TestNewDocumentsNeedRoomForTheirVersions(t *testing.T) {
	s, _, clock := versions(t)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	for i := range 5 {
		must(put(s, versioned(fmt.Sprint(i), 1)))
	}
	must(s.DeleteIf(t.Context(), []corpus.Deletion{deletion("0", 2), deletion("1", 2), {ID: corpus.TenantKey("news", "2")}}))
	must(s.Delete(t.Context(), []string{corpus.TenantKey("news", "3")}))
	usesVersions(t, s, 4)
	refused(t, put(s, versioned("new", 1)), "versions", 4, 1)
	refused(t, put(s, entry("news", "new", 1)), "versions", 4, 1)
	over, err := s.Beyond(t.Context(), []store.Entry{versioned("new", 1)})
	if err != nil || len(over) != 1 {
		t.Errorf("got %v and %v, want the error of new", over, err)
	}
	must(put(s, versioned("4", 2)))
	must(put(s, versioned("0", 3)))
	must(put(s, versioned("3", 3)))
	usesVersions(t, s, 2)
	must(put(s, versioned("new", 1)))
	must(s.Delete(t.Context(), []string{corpus.TenantKey("news", "new")}))
	clock.Advance(store.VersionsKept - time.Hour)
	refused(t, put(s, versioned("newer", 1)), "versions", 3, 1)
	refused(t, s.DeleteIf(t.Context(), []corpus.Deletion{deletion("none", 1)}), "versions", 3, 1)
	clock.Advance(2 * time.Hour)
	must(s.DeleteIf(t.Context(), []corpus.Deletion{deletion("none", 1)}))
	must(put(s, versioned("newer", 1)))
	usesVersions(t, s, 1)
}

// Deletions that fail give back what they reserved, and an erased tenant has no versions.
func TestVersionsOfFailedDeletions(t *testing.T) {
	s, _, _ := versions(t)
	unmet := deletion("a", 1)
	unmet.If = corpus.Condition{ETag: corpus.AnyETag}
	for range 4 {
		if err := s.DeleteIf(t.Context(), []corpus.Deletion{unmet}); !errors.Is(err, corpus.ErrConflict) {
			t.Fatal(err)
		}
	}
	usesVersions(t, s, 0)
	if err := s.DeleteIf(t.Context(), []corpus.Deletion{deletion("a", 1), deletion("b", 1), deletion("c", 1)}); err != nil {
		t.Fatal(err)
	}
	if err := s.EraseTenant(t.Context(), "news"); err != nil {
		t.Fatal(err)
	}
	if err := s.DeleteIf(t.Context(), []corpus.Deletion{deletion("d", 1)}); err != nil {
		t.Error(err)
	}
	usesVersions(t, s, 1)
}

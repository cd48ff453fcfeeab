package quota_test

import (
	"errors"
	"testing"

	"dalil/corpus"
	"dalil/quota"
	"dalil/store"
)

// What Put would refuse is known before a document has vectors, and reserves nothing.
func TestWhatIsBeyondAQuotaIsKnownBefore(t *testing.T) {
	s, _ := opened(t, quota.Options{})
	if err := put(s, entry("documents", "a", 1), entry("documents", "b", 1)); err != nil {
		t.Fatal(err)
	}
	bare := func(id string) store.Entry {
		e := entry("documents", id, 1)
		e.Points[0].Dense = nil
		return e
	}
	for range 2 {
		over, err := s.Beyond(t.Context(), []store.Entry{bare("a"), bare("c"), bare("d"), entry("free", "d", 1)})
		if err != nil || len(over) != 1 {
			t.Fatalf("got %v and %v, want the error of d", over, err)
		}
		refused(t, over[corpus.TenantKey("documents", "d")], "documents", 3, 1)
	}
	if err := put(s, entry("documents", "c", 1)); err != nil {
		t.Error(err)
	}
}

// A caller does not learn the size of a document that it does not see.
func TestHiddenDocumentsAreLeftToPut(t *testing.T) {
	s, _ := opened(t, quota.Options{})
	hidden := entry("bytes", "hidden", 9)
	hidden.Document.Groups = []string{"x"}
	if err := put(s, hidden); err != nil {
		t.Fatal(err)
	}
	member := corpus.Operator("bytes")
	member.All, member.Groups = false, []string{"y"}
	large := func(id string) store.Entry { return entry("", id, 20) }
	bound := store.Bound(s)
	over, err := store.LimiterOf(bound).Beyond(corpus.WithPrincipal(t.Context(), member), []store.Entry{large("hidden"), large("new")})
	if err != nil || len(over) != 1 || !errors.Is(over["new"], corpus.ErrExhausted) {
		t.Errorf("got %v and %v, want the error of new alone", over, err)
	}
	if _, err := store.LimiterOf(bound).Beyond(t.Context(), []store.Entry{large("new")}); err == nil {
		t.Error("a call without a principal is answered")
	}
}

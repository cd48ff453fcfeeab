package qdrant_test

import (
	"testing"
	"time"

	"dalil/store"
	"dalil/store/qdrant/standin"
	"dalil/store/storetest"
)

// A source version counts for a week, whether it was removed or not.
func TestOldVersionsDoNotCount(t *testing.T) {
	clock := &storetest.Clock{}
	options := at(standin.Start(t, standin.Options{Now: clock.Now}).Address())
	options.Now = clock.Now
	s := opened(t, options)
	e := of("news", "a", 7, 1)
	version := int64(1)
	e.Document.SourceVersion = &version
	put(t, s, e)
	if err := s.Delete(t.Context(), []string{e.Document.ID}); err != nil {
		t.Fatal(err)
	}
	for _, one := range []struct {
		later time.Duration
		want  int
	}{{0, 1}, {store.VersionsKept - time.Hour, 1}, {2 * time.Hour, 0}} {
		clock.Advance(one.later)
		if n, err := s.KeptVersions(t.Context(), "news"); err != nil || n != one.want {
			t.Errorf("%v later: %d versions, error %v, want %d", one.later, n, err, one.want)
		}
	}
}

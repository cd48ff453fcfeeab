package storetest

import (
	"fmt"

	"dalil/corpus"
	"dalil/store"
)

// tenantVersions counts the source versions of deleted documents.
func tenantVersions(s *shared) {
	if _, able := s.inner.(store.VersionKeeper); !able {
		s.Skip("the store does not count versions")
	}
	counts := func(when string, want ...int) {
		s.Helper()
		for i, tenant := range []string{"", "a", "ab"} {
			if n, err := store.KeptVersions(s.ctx, s.inner, tenant); err != nil || n != want[i] {
				s.Errorf("%s: %d versions of %q, error %v, want %d", when, n, tenant, err, want[i])
			}
		}
	}
	counts("empty", 0, 0, 0)
	for i, tenant := range []string{"", "a", "ab"} {
		c := s.as(tenant)
		for id := range i + 2 {
			c.put(versioned(fmt.Sprint("d", id), "1", 7))
		}
		c.put(entry("plain", "1", 1))
	}
	counts("written", 0, 0, 0)
	s.as("").delete("d0", "d1", "plain", "none")
	s.as("a").delete("d1", "plain")
	s.as("ab").delete("d0")
	counts("deleted", 2, 1, 1)
	version := int64(9)
	for _, id := range []string{"d1", "none"} { // one that is there, and one that never was
		if err := s.as("ab").DeleteIf(s.ctx, []corpus.Deletion{{ID: id, SourceVersion: &version}}); err != nil {
			s.Fatal(err)
		}
	}
	counts("deleted with a version", 2, 1, 3)
	s.as("ab").put(versioned("none", "2", 10))
	s.as("").put(versioned("d0", "2", 8))
	counts("written again", 1, 1, 2)
}

package qdrant

import (
	"dalil/corpus"
	"dalil/store"
)

var _ store.Marker = (*Store)(nil)

// Mark returns the mark of the collection. It has no number, because every process sees an
// acknowledged write at once: a write is acknowledged when the server has applied it, and
// the journal names the manifests that readers must read again.
func (s *Store) Mark() corpus.Mark { return store.MarkOfName(s.Collection()) }

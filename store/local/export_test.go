package local

import (
	"context"

	"dalil/corpus"
	"dalil/store"
)

// TendNow brings the column of profiles up to date, as the background does.
func (s *Store) TendNow() { s.round(s.column.Load()) }

// InColumn is how many passages the column has with their texts and documents.
func (s *Store) InColumn(ids []corpus.ChunkID) int {
	_, missing := s.fromColumn(s.locate(ids, false), store.WithText|store.WithDocument)
	return len(ids) - len(missing)
}

// RefuseProfiles does what a disk does that is full in the middle of a write to the column.
func (s *Store) RefuseProfiles(written []byte) error {
	c := s.column.Load()
	c.writing.Lock()
	defer c.writing.Unlock()
	_, err := c.active.file.WriteAt(written, c.active.size)
	c.refuse()
	return err
}

// Scans is what the searches of a store share.
type Scans struct{ scans }

func NewScans(n int) Scans { return Scans{newScans(n)} }

// Run does tasks as a search of a large index does.
func (s Scans) Run(ctx context.Context, tasks ...func()) error {
	release, err := s.enter(ctx, nil)
	if err != nil {
		return err
	}
	defer release()
	return s.run(ctx, tasks, true)
}

// Running is how many goroutines search.
func (s Scans) Running() int { return len(s.slots) }

// FindProfile is where a column that holds documents with these keys, rising, finds one.
func FindProfile(keys []int64, key int64) (offset uint32, found bool) {
	c := column{entries: make([]columnEntry, len(keys))}
	for i, k := range keys {
		c.entries[i] = columnEntry{key: k, offset: uint32(i)}
	}
	e, found := c.find(key)
	if !found {
		return 0, false
	}
	return e.offset, true
}

// EndMerge does what the end of a merge in the background does with its error. Nothing may
// be written meanwhile.
func (s *Store) EndMerge(err error) { s.mergeFailed(err) }

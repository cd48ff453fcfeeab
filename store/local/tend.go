package local

import (
	"context"
	"errors"
	"math"
	"slices"
	"time"

	"dalil/corpus"
	"dalil/store"
)

// tend keeps the column complete: it drops the profiles of documents that are
// gone, works out those that are missing, and copies what is left of files that
// are mostly garbage. It runs until the column closes.
func (s *Store) tend(c *column) {
	for {
		s.round(c)
		select {
		case <-c.closing:
			return
		case <-c.wake:
		}
		select { // what is missing is looked for once in a while, however often it is asked for
		case <-c.closing:
			return
		case <-time.After(tendEvery):
		}
	}
}

// round brings the column up to date once.
func (s *Store) round(c *column) {
	c.rounds.Lock()
	defer c.rounds.Unlock()
	state := s.state.Load()
	c.forget(state)
	c.compact()
	s.complete(c, state)
}

// tendEvery is the shortest time between two rounds.
const tendEvery = 250 * time.Millisecond

// forget drops the blocks of documents that are gone.
func (c *column) forget(state *snapshot) {
	newest := int64(0)
	if n := len(state.views); n > 0 {
		newest = state.views[n-1].last()
	}
	gone := map[int64]bool{}
	c.mu.RLock()
	for _, e := range c.entries {
		if e.key > newest {
			break // written since
		}
		at, found := locate(state.views, e.key)
		if found {
			if d, held := state.views[at].document(e.key); held && !state.views[at].dead.has(d) {
				continue
			}
		}
		gone[e.key] = true
	}
	c.mu.RUnlock()
	c.drop(gone)
}

// completeBatch is how many documents are worked out before they are written.
const completeBatch = 64

// complete works out the profiles that are missing. It leaves half of its
// processor to others.
func (s *Store) complete(c *column, state *snapshot) {
	var batch []profiled
	began := time.Now()
	for key := range c.missing(state) {
		select {
		case <-c.closing:
			return
		default:
		}
		d, err := s.profiled(c, key)
		if err != nil {
			continue // it is gone, or its text cannot be read
		}
		if batch = append(batch, d); len(batch) < completeBatch {
			continue
		}
		if !c.add(batch) {
			return
		}
		batch = batch[:0]
		select {
		case <-c.closing:
			return
		case <-time.After(min(time.Since(began), time.Second)):
		}
		began = time.Now()
	}
	c.add(batch)
}

// missing lists the documents whose profiles are not there.
func (c *column) missing(state *snapshot) func(func(int64) bool) {
	return func(yield func(int64) bool) {
		for i := range state.views {
			v := &state.views[i]
			for d, key := range v.keys {
				if v.dead.has(uint32(d)) || v.firsts[d] == v.firsts[d+1] {
					continue
				}
				c.mu.RLock()
				_, held := c.find(key)
				c.mu.RUnlock()
				if !held && !yield(key) {
					return
				}
			}
		}
	}
}

// profiled works out the profiles of one document.
func (s *Store) profiled(c *column, key int64) (profiled, error) {
	var e store.Entry
	err := s.read(context.Background(), "read a document", func(r *reading) (err error) {
		e, err = s.entry(context.Background(), r, key)
		return err
	})
	if err != nil {
		return profiled{}, err
	}
	d := profiled{key: key}
	d.ids, d.profiles = profilesOf(c.profiler, &e)
	return d, nil
}

// mostProfile is the longest profile that is kept, in bytes. Passages are much
// shorter; for one that is not, the text is read.
const mostProfile = 1 << 20

// profilesOf works out the profiles of an entry's passages. What is too long has an
// empty one, so that it is not tried again.
func profilesOf(p store.Profiler, e *store.Entry) (ids []corpus.ChunkID, profiles [][]byte) {
	ids, profiles = make([]corpus.ChunkID, len(e.Points)), make([][]byte, len(e.Points))
	document := e.Document
	document.Text = ""
	total := 0
	for i := range e.Points {
		point := e.Points[i]
		point.Document = &document
		ids[i] = point.Chunk.ID
		if profile := p.Profile(&point); len(profile) <= mostProfile && total+len(profile) < math.MaxInt32 {
			profiles[i] = profile
			total += len(profile)
		}
	}
	return ids, profiles
}

// compact copies the living blocks of sealed files that are mostly garbage behind
// the others, and removes these files.
func (c *column) compact() {
	living := map[uint32]int64{}
	c.mu.RLock()
	for _, e := range c.entries {
		living[e.file] += int64(e.size)
	}
	var wasted []*columnFile
	for _, f := range c.files {
		if garbage := f.size - columnHeader - living[f.number]; garbage > columnSmall && garbage > living[f.number] {
			wasted = append(wasted, f)
		}
	}
	c.mu.RUnlock()
	for _, f := range wasted {
		if !c.move(f) {
			return
		}
	}
}

// move copies the living blocks of a file, a piece at a time so that writers do not
// wait, and removes it. False: the disk refused, or the column closes.
func (c *column) move(f *columnFile) bool {
	c.writing.Lock()
	if c.active == f {
		c.active = nil
	}
	c.writing.Unlock()
	c.mu.RLock()
	var blocks []columnEntry
	for _, e := range c.entries {
		if e.file == f.number {
			blocks = append(blocks, e)
		}
	}
	c.mu.RUnlock()
	var copied []byte
	var entries []columnEntry
	for i, e := range blocks {
		block := make([]byte, e.size)
		if _, err := f.file.ReadAt(block, int64(e.offset)); err != nil {
			continue // it is worked out again
		}
		entries = append(entries, columnEntry{key: e.key, offset: uint32(len(copied)), size: e.size})
		copied = append(copied, block...)
		if len(copied) >= columnMaxSize/16 || i == len(blocks)-1 {
			if !c.append(copied, entries) {
				return false
			}
			copied, entries = copied[:0], nil
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return false
	}
	delete(c.files, f.number)
	c.entries = slices.DeleteFunc(c.entries, func(e columnEntry) bool { return e.file == f.number })
	return f.remove() == nil
}

var _ store.ProfileKeeper = (*Store)(nil)

// KeepProfiles has the store keep the profiles of p.
func (s *Store) KeepProfiles(p store.Profiler) {
	s.keeping.Lock()
	defer s.keeping.Unlock()
	select {
	case <-s.closing:
		return
	default:
	}
	if s.salvaged != nil {
		return
	}
	if c := s.column.Load(); c != nil {
		if c.name == columnNameOf(s.options.Pipeline, p) {
			return
		}
		s.column.Store(nil)
		_ = c.close()
	}
	c := openColumn(s.folder, s.options.Pipeline, p, s.options.ReadOnly)
	if !s.options.ReadOnly {
		c.tending.Go(func() { s.tend(c) })
	}
	s.column.Store(c)
}

// Profiles copies profiles out of the column.
func (s *Store) Profiles(ctx context.Context, ids []corpus.ChunkID, to *store.Profiles) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	c := s.column.Load()
	if c == nil {
		for range ids {
			to.Add(func(b []byte) ([]byte, bool) { return b, false })
		}
		return nil
	}
	c.fill(s.places(ids), to)
	return nil
}

// closeColumn lets the column's files go.
func (s *Store) closeColumn() error {
	s.keeping.Lock()
	defer s.keeping.Unlock()
	c := s.column.Swap(nil)
	if c == nil {
		return nil
	}
	if err := c.close(); err != nil && !errors.Is(err, errClosed) {
		return err
	}
	return nil
}

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

// tend keeps the column complete: it drops the blocks of documents that are
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
	defer s.stepped(store.StepTend, time.Now(), nil)
	c.forget(s.state.Load())
	if c.compact() {
		c.forget(s.state.Load()) // a document that was deleted while it was copied
	}
	s.complete(c, s.state.Load())
}

// tendEvery is the shortest time between two rounds.
const tendEvery = 250 * time.Millisecond

// forget erases and drops the blocks of documents that are gone.
func (c *column) forget(state *snapshot) {
	gone := c.gone(state)
	if c.erase(gone...) { // else the next round does it
		c.drop(gone)
	}
}

// newest is the highest key, or 0.
func (s *snapshot) newest() int64 {
	if n := len(s.views); n > 0 {
		return s.views[n-1].last()
	}
	return 0
}

// has reports whether a document is there under a key.
func (s *snapshot) has(key int64) bool { return (&keyWalk{views: s.views}).has(key) }

// completeBatch is how many documents are worked out before they are written.
const completeBatch = 64

// complete works out the blocks that are missing. It leaves half of its
// processor to others.
func (s *Store) complete(c *column, state *snapshot) {
	var batch []columnBlock
	began := time.Now()
	for key := range c.missing(state) {
		select {
		case <-c.closing:
			return
		default:
		}
		d, err := s.block(c, key)
		if err != nil {
			continue // it is gone, or its text cannot be read
		}
		if batch = append(batch, d); len(batch) < completeBatch {
			continue
		}
		if !s.addMissing(c, batch) {
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
	s.addMissing(c, batch)
}

// addMissing adds blocks, and erases those of documents that were deleted meanwhile.
func (s *Store) addMissing(c *column, batch []columnBlock) bool {
	added := c.add(batch)
	state := s.state.Load()
	var gone []int64
	for i := range batch {
		if !state.has(batch[i].key) {
			gone = append(gone, batch[i].key)
		}
	}
	c.erase(gone...)
	return added
}

// block works out the block of one document.
func (s *Store) block(c *column, key int64) (columnBlock, error) {
	var e store.Entry
	err := s.read(context.Background(), "read a document", func(r *reading) (err error) {
		e, err = s.entry(context.Background(), r, key)
		return err
	})
	if err != nil {
		return columnBlock{}, err
	}
	d := blockOf(c.profiler, &e, prepare(&e, nil))
	d.key = key
	return d, nil
}

// mostRecord is the longest record that is kept, in bytes. Passages are much
// shorter; for one that is not, the database is read.
const mostRecord = 1 << 20

// blockOf works out the block of an entry. What is too long has an empty record, so that
// it is not tried again.
func blockOf(profiler store.Profiler, e *store.Entry, p *prepared) columnBlock {
	n := len(e.Points)
	d := columnBlock{ids: make([]corpus.ChunkID, n), profiles: make([][]byte, n), passages: make([]preparedPassage, n)}
	document := e.Document
	document.Text = ""
	total := 0
	keeps := func(bytes int) bool {
		if bytes > mostRecord || total+bytes > math.MaxInt32 {
			return false
		}
		total += bytes
		return true
	}
	for i := range e.Points {
		point := e.Points[i]
		point.Document = &document
		d.ids[i] = point.Chunk.ID
		if profile := profiler.Profile(&point); keeps(len(profile)) {
			d.profiles[i] = profile
		}
		if keeps(len(p.passages[i].text) + len(p.passages[i].headings)) {
			d.passages[i] = p.passages[i]
		}
	}
	if keeps(len(p.fields)) {
		d.fields = encodeFields(p.fingerprint, p.fields)
	}
	return d
}

// compact copies the living blocks of sealed files that are mostly garbage behind
// the others, and removes these files. Blocks of files that may be of another database
// are not copied; they are worked out again. It reports whether there were any.
func (c *column) compact() bool {
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
			break
		}
	}
	return len(wasted) > 0
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
		if e.file == f.number && f.signed {
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
	return c.leave(f) && f.remove() == nil // not under the lock, because the disk may need long for it
}

// leave forgets a file. False: the column is closed.
func (c *column) leave(f *columnFile) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return false
	}
	delete(c.files, f.number)
	c.entries = slices.DeleteFunc(c.entries, func(e columnEntry) bool { return e.file == f.number })
	return true
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
	owner := columnOwner{columnNameOf(s.options.Pipeline, p), s.identity}
	if c := s.column.Load(); c != nil {
		if c.owner == owner {
			return
		}
		s.column.Store(nil)
		_ = c.close()
	}
	c := openColumn(s.folder, owner, p, s.state.Load().newest(), s.options.ReadOnly)
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

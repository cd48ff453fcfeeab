package local

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"dalil/corpus"
	"dalil/store"
)

// Every commit adds a small segment. cleanUp merges neighbours of similar size,
// eight at a time. So there are few segments, and each row is copied only a few
// times. It also merges segments of which a quarter is deleted.
const (
	fanOut = 8
	// smallest is the number of rows up to which segments are in the smallest size class.
	smallest = 64
	// inlineRows is how many rows the writer merges itself; larger merges run in the background.
	inlineRows = 4096
	// finishRows is the number of rows above which closing writes segments that no file has yet.
	finishRows = 1024
	// deadShare and deadLeast are the share and number of deleted rows that justify a merge.
	deadShare, deadLeast = 4, 256
)

// filedRows is how many rows without a file are too many while documents are loaded: they
// are in memory, and are read from the database when the store is opened after a crash.
// With up to loadedRows more, three such files fit into one of maxRows.
const filedRows = 19_500

// merged is the result of a merge in the background.
type merged struct {
	old     []view
	segment *segment
	err     error // error of writing its file
}

// cleanUp does small merges at once, and begins one large merge if none is running.
func (s *Store) cleanUp() {
	s.dropFiles()
	planned := plan
	if s.loading() {
		planned = planLoading
	}
	for {
		views := s.unclaimed()
		from, to, found := planned(views)
		if !found {
			return
		}
		old, rows, filed := views[from:to], 0, false
		for _, v := range old {
			rows += v.passages
			filed = filed || v.file != nil
		}
		if rows <= inlineRows && !filed {
			began := time.Now()
			turn := s.turn(mergeTurns)
			small := merge(old, turn)
			turn.End()
			s.replace(old, small)
			s.stepped(store.StepMerge, began, nil)
			continue
		}
		if s.merging != nil || time.Now().Before(s.retryMerge) {
			return
		}
		s.keepReserve(0) // or the file would take its space
		s.merging = old
		go func() {
			began := time.Now()
			m := s.mergeLarge(old)
			s.stepped(store.StepMergeLarge, began, m.err)
			s.merged <- m
		}()
		return
	}
}

// mergeLarge merges views and saves the result. It returns the saved file, whose rows
// are mapped. What it merges is compared with the checksums of the files first, because
// the result gets a valid checksum of its own.
func (s *Store) mergeLarge(old []view) merged {
	m := merged{old: old}
	for i := range old {
		if m.err = old[i].damaged(s.folder); m.err != nil {
			return m
		}
	}
	turn := s.turn(mergeTurns)
	var unsaved error
	m.err = guard(func() {
		if littleEndian() {
			m.segment, unsaved = mergeAndSave(old, turn, s.folder)
		} else {
			m.segment = merge(old, turn)
		}
	})
	turn.End()
	if unsaved != nil {
		m.err = folderError("write segment file", filepath.Join(s.folder, "*"+segmentSuffix), unsaved)
	}
	if m.err != nil || m.segment.file == nil {
		return m
	}
	if loaded, err := loadSegment(s.folder, s.options.Pipeline.Dimensions, m.segment.file); err == nil {
		m.segment = loaded
	}
	return m
}

// calm is how long after the last search, and after the last write, segments are merged so
// that searches are fast.
const calm = time.Second

// loading reports whether documents are being written and nobody searches.
func (s *Store) loading() bool {
	if s.asked.Swap(false) {
		s.lastAsked = time.Now()
	}
	return time.Since(s.lastWrite) < calm && time.Since(s.lastAsked) >= calm
}

// unclaimed returns the views after those of a running merge.
func (s *Store) unclaimed() []view {
	views := s.state.Load().views
	if s.merging == nil {
		return views
	}
	last := s.merging[len(s.merging)-1].last()
	for i := range views {
		if views[i].keys[0] > last {
			return views[i:]
		}
	}
	return nil
}

// install adds the result of a merge to the index and the list of files. If its
// file could not be written, the old segments stay; only time is lost.
func (s *Store) install(m merged) {
	s.merging = nil
	if m.err == nil {
		s.replace(m.old, m.segment)
		m.err = s.list()
	}
	if m.err != nil {
		s.retryMerge = time.Now().Add(mergeAgain)
	}
	s.mergeFailed(m.err)
}

// mergeFailed reports the error of a merge in the background, once for each damaged file,
// and once for each kind of other errors until a merge succeeds. nil: it succeeded.
func (s *Store) mergeFailed(err error) {
	if err == nil {
		s.unmerged = nil
		return
	}
	what := string(corpus.KindOf(err))
	var damage *corpus.Error
	if errors.As(err, &damage) && damage.Kind == corpus.ErrCorrupt {
		what = damage.Thing
	}
	if s.unmerged[what] {
		return
	}
	if s.unmerged == nil {
		s.unmerged = map[string]bool{}
	}
	s.unmerged[what] = true
	if s.options.MergeFailed != nil {
		s.options.MergeFailed(err)
	}
}

// mergeAgain is the pause before the next large merge after the disk refused one.
const mergeAgain = 10 * time.Second

// replace replaces views with one segment. Documents that were deleted from the
// views since the merge are deleted from the segment too.
func (s *Store) replace(old []view, segment *segment) {
	now := s.state.Load()
	at, found := locate(now.views, segment.keys[0])
	for !found || now.views[at].segment != old[0].segment {
		// The first views may be deleted completely; begin at the first one that
		// still exists.
		if old = old[1:]; len(old) == 0 {
			return // everything in it was deleted meanwhile
		}
		at, found = locate(now.views, old[0].keys[0])
	}
	fresh := newView(segment)
	var died []uint32
	end := at
	lives := newBitmap(len(segment.keys))
	for end < len(now.views) && len(old) > 0 {
		v := &now.views[end]
		if v.segment != old[0].segment {
			old = old[1:]
			continue
		}
		for d, key := range v.keys {
			if to, held := segment.document(key); held && !v.dead.has(uint32(d)) {
				lives.set(to)
			}
		}
		old = old[1:]
		end++
	}
	for d := range segment.keys {
		if !lives.has(uint32(d)) {
			died = append(died, uint32(d))
		}
	}
	if len(died) > 0 {
		fresh = fresh.without(died...)
	}
	views := append(now.views[:at:at], fresh)
	s.show(append(views, now.views[end:]...), now.updated)
}

// list records in the database which files are valid: those of the oldest segments,
// up to the first segment without a file. Opening need not read their documents from
// the database. Then files that are no longer listed are deleted.
func (s *Store) list() error {
	views := s.state.Load().views
	n := 0
	for n < len(views) && views[n].file != nil {
		n++
	}
	views = views[:n]
	w := s.database.writer
	err := s.again(true, func() error { return w.transact(func() error { return w.list(views, s.listed) }) })
	if err != nil {
		return err
	}
	s.filed, s.listed = 0, map[string]bool{}
	for _, v := range views {
		s.filed, s.listed[v.file.name] = v.last(), true
	}
	return removeUnlisted(s.folder, s.state.Load().views)
}

// removeUnlisted deletes segment files that no view uses.
func removeUnlisted(dir string, views []view) error {
	keep := map[string]bool{}
	for _, v := range views {
		if v.file != nil {
			keep[v.file.name] = true
		}
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), segmentSuffix) && !keep[e.Name()] {
			if err := os.Remove(filepath.Join(dir, e.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
		}
	}
	return nil
}

// finish waits for a running merge, and writes segments that no file has, so that
// the next opening is fast. If it fails, the next opening takes longer; nothing is
// lost.
func (s *Store) finish() {
	if s.merging != nil {
		s.install(<-s.merged)
	}
	views := s.state.Load().views
	start := len(views)
	for start > 0 && views[start-1].file == nil {
		start--
	}
	tail, rows := views[start:], 0
	for _, v := range tail {
		rows += v.passages
	}
	if rows < finishRows || !littleEndian() {
		return
	}
	s.keepReserve(0) // or the files would take its space
	var beside sync.WaitGroup
	s.database.copyLog(&beside)
	defer beside.Wait()
	for len(tail) > 0 {
		from, to := fitting(tail, 0)
		if from > 0 || to == 0 {
			from, to = 0, 1
		}
		m, err := mergeAndSave(tail[from:to], nil, s.folder)
		if err != nil {
			return
		}
		s.replace(tail[from:to], m)
		tail = tail[to:]
	}
	beside.Wait()
	_ = s.list()
}

package local

import (
	"cmp"
	"crypto/sha256"
	"errors"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"

	"dalil/corpus"
	"dalil/store"
	"dalil/vector"
)

// column keeps the profiles and texts of passages, and the fields of their documents, in
// files that are mapped from the disk. It is derived from the database: what is missing
// or damaged is worked out again. Every record has a checksum that is looked at whenever
// it is read.
type column struct {
	dir      string
	owner    columnOwner
	profiler store.Profiler
	readOnly bool

	wake    chan struct{} // something is missing
	closing chan struct{}
	tending sync.WaitGroup // what brings it up to date in the background

	writing sync.Mutex // held by whoever changes files
	active  *columnFile
	refused time.Time // when the disk refused the last write
	deleted int       // documents, since forget was called; the writer's own

	rounds sync.Mutex // one round at a time

	mu      sync.RWMutex // of what follows; readers hold it while they copy
	closed  bool
	files   map[uint32]*columnFile
	entries []columnEntry // by rising key
	last    uint32        // number of the newest file
}

// columnAgain is how long the column writes nothing after the disk refused.
const columnAgain = 10 * time.Second

// columnNameOf is what files of profiles must be called inside.
func columnNameOf(p corpus.Pipeline, profiler store.Profiler) [columnName]byte {
	return sha256.Sum256([]byte(p.Fingerprint() + "\n" + profiler.ProfileName()))
}

// openColumn opens the files in a folder. Those that cannot be used are removed,
// unless they are open for reading only. A file of another database may have the fields of
// other documents under the same keys. Blocks of keys above newest are not used: their
// documents were deleted, or are of another copy of the database, and the keys will be
// given to other documents.
func openColumn(dir string, owner columnOwner, profiler store.Profiler, newest int64, readOnly bool) *column {
	c := &column{
		dir: dir, owner: owner, profiler: profiler, readOnly: readOnly, files: map[uint32]*columnFile{},
		wake: make(chan struct{}, 1), closing: make(chan struct{}),
	}
	paths, _ := filepath.Glob(filepath.Join(escapeGlob(dir), "*"+columnSuffix)) // the pattern is right
	for _, path := range paths {
		f, entries, listed, err := openColumnFile(path, c.owner, !readOnly)
		if err != nil {
			if !readOnly {
				_ = os.Remove(path) // what stays is tried again by the next opening
			}
			continue
		}
		if !listed && !readOnly {
			_ = f.seal(entries) // else its blocks are visited again by the next opening
		}
		c.adopt(f, entries)
	}
	slices.SortStableFunc(c.entries, func(a, b columnEntry) int {
		return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.file, b.file), cmp.Compare(a.offset, b.offset))
	})
	c.sift(newest)
	if !readOnly {
		c.choose()
	}
	return c
}

// sift leaves the last block of each key up to newest, and erases the others.
func (c *column) sift(newest int64) {
	kept := c.entries[:0]
	for i, e := range c.entries {
		if e.key <= newest && (i+1 == len(c.entries) || c.entries[i+1].key != e.key) {
			kept = append(kept, e)
		} else if !c.readOnly {
			_ = c.files[e.file].erase(&e)
		}
	}
	c.entries = kept
}

// escapeGlob makes a path a pattern that matches it alone.
func escapeGlob(path string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(path)
}

// adopt adds a file with its blocks, which stay in the order of the file.
func (c *column) adopt(f *columnFile, entries []columnEntry) {
	c.last++
	f.number = c.last
	c.files[f.number] = f
	for i := range entries {
		entries[i].file = f.number
	}
	c.entries = append(c.entries, entries...)
}

// choose goes on with the smallest file, if it is small and known to be of this database.
func (c *column) choose() {
	for _, f := range c.files {
		if f.signed && f.size < columnMaxSize/2 && (c.active == nil || f.size < c.active.size) {
			c.active = f
		}
	}
}

// find looks a document up. The caller holds mu. Keys are numbers that rise with each
// write, so an entry is near the place where a line from the first key to the last one puts
// it: the search begins there and widens.
func (c *column) find(key int64) (*columnEntry, bool) {
	n := len(c.entries)
	if n == 0 || key < c.entries[0].key || key > c.entries[n-1].key {
		return nil, false
	}
	first, last := c.entries[0].key, c.entries[n-1].key
	guess := int(float64(key-first) / float64(max(last-first, 1)) * float64(n-1))
	from, to := guess, guess+1
	for step := 1; from > 0 && c.entries[from].key > key; step *= 2 {
		from = max(from-step, 0)
	}
	for step := 1; to < n && c.entries[to-1].key < key; step *= 2 {
		to = min(to+step, n)
	}
	at, found := slices.BinarySearchFunc(c.entries[from:to], key, func(e columnEntry, key int64) int { return cmp.Compare(e.key, key) })
	if !found {
		return nil, false
	}
	return &c.entries[from+at], true
}

// fill adds the profiles of passages, those that are there. It asks the memory for all of
// them before it copies the first.
func (c *column) fill(found []located, to *store.Profiles) {
	var r columnReader
	entries := make([]*columnEntry, len(found))
	c.mu.RLock()
	for i := range found {
		if found[i].key == 0 {
			continue
		}
		var held bool
		if entries[i], held = c.find(found[i].key); held {
			c.prefetch(entries[i], prefetchedProfile)
		}
		r.missing = r.missing || !held
	}
	for i, e := range entries {
		to.Add(func(b []byte) ([]byte, bool) {
			if e == nil {
				return b, false
			}
			return r.append(c, b, e, profileRecord, &found[i])
		})
	}
	c.mu.RUnlock()
	c.heal(&r)
}

// How many bytes of a block the memory is asked for: the profile of a document of one passage
// is shorter, and mostly its text behind it ends there too.
const (
	prefetchedProfile = 2 << 10
	prefetchedTexts   = 4 << 10
)

// prefetch asks the memory for up to most bytes of the block of a document, where it is mapped.
func (c *column) prefetch(e *columnEntry, most uint32) {
	f := c.files[e.file]
	if f == nil {
		return
	}
	if from, to := int64(e.offset), int64(e.offset)+int64(min(e.size, most)); to <= int64(len(f.mapped)) {
		vector.Prefetch(f.mapped[from:to])
	}
}

// copy appends one record. A file that became shorter under its mapping is a
// fault, which is a damaged record here and not the end of the process.
func (c *column) copy(b []byte, e *columnEntry, kind recordKind, at *located, scratch *[]byte) (filled []byte, ok bool) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if r := recover(); r != nil {
			if _, isFault := r.(fault); !isFault {
				panic(r)
			}
			filled, ok = b, false
		}
	}()
	f := c.files[e.file]
	if f == nil {
		return b, false
	}
	return f.appendRecord(b, e, kind, at, scratch)
}

// fault is the panic of a memory address that cannot be read.
type fault interface{ Addr() uintptr }

// call has the missing profiles worked out.
func (c *column) call() {
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

// erase overwrites the records of documents that are gone, so that their texts are not
// in the files any more. It reports whether the disk took it all.
//
// It writes without a lock, because a write may wait for the disk, and searches would wait
// for it: a lock that somebody wants to write under keeps readers out.
func (c *column) erase(keys ...int64) bool {
	erased := true
	for range eraseTries {
		var moved []int64
		for len(keys) > 0 {
			n := min(len(keys), heldKeys)
			for _, b := range c.blocks(keys[:n]) {
				switch err := b.file.erase(&b.entry); {
				case errors.Is(err, os.ErrClosed): // it is in another file now
					moved = append(moved, b.entry.key)
				case err != nil:
					erased = false
				}
			}
			keys = keys[n:]
		}
		if keys = moved; len(keys) == 0 {
			return erased
		}
	}
	return false
}

// eraseTries is how often a block is looked for that is copied to another file meanwhile.
const eraseTries = 3

// filedBlock is a block and its file.
type filedBlock struct {
	file  *columnFile
	entry columnEntry
}

// blocks returns the blocks of documents that are there and may be changed.
func (c *column) blocks(keys []int64) (found []filedBlock) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	if c.readOnly {
		return nil
	}
	for _, key := range keys {
		if e, held := c.find(key); held {
			found = append(found, filedBlock{c.files[e.file], *e})
		}
	}
	return found
}

// drop forgets the blocks of documents, whose keys rise.
func (c *column) drop(keys []int64) {
	if len(keys) == 0 {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	from, _ := slices.BinarySearchFunc(c.entries, keys[0], func(e columnEntry, key int64) int { return cmp.Compare(e.key, key) })
	kept := c.entries[:from]
	for _, e := range c.entries[from:] {
		for len(keys) > 0 && keys[0] < e.key {
			keys = keys[1:]
		}
		if len(keys) == 0 || keys[0] != e.key {
			kept = append(kept, e)
		}
	}
	c.entries = kept
}

// close ends what writes to the column, and lets the files go.
func (c *column) close() error {
	close(c.closing)
	c.tending.Wait()
	c.writing.Lock()
	defer c.writing.Unlock()
	var err error
	if c.active != nil {
		err = c.seal(c.active)
		c.active = nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, f := range c.files {
		err = errors.Join(err, f.close())
	}
	c.closed, c.files, c.entries = true, nil, nil
	c.readOnly = true
	return err
}

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
	name     [columnName]byte
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
// unless they are open for reading only. Blocks of keys above newest are not used: their
// documents were deleted, or are of another copy of the database, and the keys will be
// given to other documents.
func openColumn(dir string, p corpus.Pipeline, profiler store.Profiler, newest int64, readOnly bool) *column {
	c := &column{
		dir: dir, name: columnNameOf(p, profiler), profiler: profiler, readOnly: readOnly, files: map[uint32]*columnFile{},
		wake: make(chan struct{}, 1), closing: make(chan struct{}),
	}
	paths, _ := filepath.Glob(filepath.Join(escapeGlob(dir), "*"+columnSuffix)) // the pattern is right
	for _, path := range paths {
		f, entries, listed, err := openColumnFile(path, c.name, !readOnly)
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

// choose goes on with the smallest file, if it is small.
func (c *column) choose() {
	for _, f := range c.files {
		if f.size < columnMaxSize/2 && (c.active == nil || f.size < c.active.size) {
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
			c.prefetch(entries[i])
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

// prefetched is how many bytes of a block the memory is asked for: the profile of a
// document of one passage is shorter.
const prefetched = 2 << 10

// prefetch asks the memory for the block of a document, where it is mapped.
func (c *column) prefetch(e *columnEntry) {
	f := c.files[e.file]
	if f == nil {
		return
	}
	if from, to := int64(e.offset), int64(e.offset)+int64(min(e.size, prefetched)); to <= int64(len(f.mapped)) {
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
func (c *column) erase(keys ...int64) bool {
	if c.readOnly {
		return true
	}
	c.mu.RLock()
	defer c.mu.RUnlock()
	erased := true
	for _, key := range keys {
		if e, held := c.find(key); held {
			erased = c.files[e.file].erase(e) == nil && erased
		}
	}
	return erased
}

// drop forgets the blocks of documents.
func (c *column) drop(keys map[int64]bool) {
	if len(keys) == 0 {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.entries = slices.DeleteFunc(c.entries, func(e columnEntry) bool { return keys[e.key] })
}

// add writes the blocks of documents. Where the disk refuses, they are worked out again
// later.
func (c *column) add(documents []columnBlock) bool {
	var blocks []byte
	var entries []columnEntry
	for i := range documents {
		at := len(blocks)
		blocks = documents[i].appendTo(blocks)
		entries = append(entries, columnEntry{key: documents[i].key, offset: uint32(at), size: uint32(len(blocks) - at)})
		if len(blocks) >= columnMaxSize/4 || i == len(documents)-1 {
			if !c.append(blocks, entries) {
				return false
			}
			blocks, entries = blocks[:0], nil
		}
	}
	return true
}

// append writes blocks; the entries' offsets count from the first one. False: the
// disk refuses, or the column is closed.
func (c *column) append(blocks []byte, entries []columnEntry) bool {
	c.writing.Lock()
	defer c.writing.Unlock()
	if c.readOnly || time.Since(c.refused) < columnAgain {
		return false
	}
	if err := c.write(blocks, entries); err != nil {
		c.refused, c.active = time.Now(), nil
		return false
	}
	return true
}

// write appends blocks to the active file. The caller holds writing.
func (c *column) write(blocks []byte, entries []columnEntry) error {
	f := c.active
	if f == nil || f.size > columnHeader && f.size+int64(len(blocks)) > columnMaxSize {
		if f != nil {
			if err := c.seal(f); err != nil {
				return err
			}
		}
		var err error
		if f, err = createColumnFile(c.dir, c.name); err != nil {
			return err
		}
		c.mu.Lock()
		c.adopt(f, nil)
		c.mu.Unlock()
		c.active = f
	}
	if err := c.reserve(f, f.size+int64(len(blocks))); err != nil {
		return err
	}
	if _, err := f.file.WriteAt(blocks, f.size); err != nil {
		return err
	}
	for i := range entries {
		entries[i].file = f.number
		entries[i].offset += uint32(f.size)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	f.size += int64(len(blocks))
	c.merge(entries)
	return nil
}

// reserve extends a file by what it may grow, and maps all of it: to map each block anew
// would cost more than to write it.
func (c *column) reserve(f *columnFile, size int64) error {
	if f.mapped != nil && size <= int64(len(f.mapped)) {
		return nil
	}
	capacity := int64(columnSmall)
	for capacity < size {
		capacity *= 2
	}
	if err := f.file.Truncate(capacity); err != nil {
		return err
	}
	mapped, err := mapFile(f.file, capacity)
	if err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	before := f.mapped
	f.mapped = mapped
	return unmapFile(before)
}

// merge puts entries among the others. The caller holds mu.
func (c *column) merge(entries []columnEntry) {
	slices.SortFunc(entries, func(a, b columnEntry) int { return cmp.Compare(a.key, b.key) })
	if n := len(c.entries); n == 0 || len(entries) > 0 && c.entries[n-1].key < entries[0].key {
		c.entries = append(c.entries, entries...)
		return
	}
	both := make([]columnEntry, 0, len(c.entries)+len(entries))
	old := c.entries
	for _, e := range entries {
		for len(old) > 0 && old[0].key < e.key {
			both = append(both, old[0])
			old = old[1:]
		}
		if len(old) > 0 && old[0].key == e.key {
			old = old[1:]
		}
		both = append(both, e)
	}
	c.entries = append(both, old...)
}

// seal ends a file. The caller holds writing.
func (c *column) seal(f *columnFile) error {
	c.mu.RLock()
	var blocks []columnEntry
	for _, e := range c.entries {
		if e.file == f.number {
			blocks = append(blocks, e)
		}
	}
	c.mu.RUnlock()
	if len(blocks) == 0 {
		return nil
	}
	slices.SortFunc(blocks, func(a, b columnEntry) int { return cmp.Compare(a.offset, b.offset) })
	return f.seal(blocks)
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

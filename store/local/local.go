// Package local is the embedded store. SQLite stores the data durably; searches run
// in memory. Of dense vectors, a rotated copy with two bits an element is scanned with SIMD,
// the signs first; the best are scored again with 8 and 16 bits. Sparse vectors are
// in postings, filters are bitmaps. Start with [Open].
//
// The index is a list of immutable segments, each with some documents in the order
// of their writing, and marks for deleted rows. A write commits to SQLite. Then it
// appends a small segment and marks the rows that it replaces, in a new state
// behind an atomic pointer. A reader uses one state from beginning to end and never
// waits. Small segments are merged as they arrive, or when a large one is full while
// documents are loaded and nobody searches. Large ones are also stored as files, so
// that opening reads them instead of every vector in the database. The database lists
// the valid files with their checksums. If one is missing or differs, all are built
// again.
//
// The data folder:
//
//	lock                    the pid of the process that has locked the folder
//	current                 the name of the collection's folder
//	<name>/dalil.db         all data (with -wal and -shm while it is open)
//	<name>/*.segment        copies of large segments
//	<name>/*.profiles       profiles of passages, see [Store.KeepProfiles]
//	<name>/acknowledged.json the last write that was acknowledged
//	<name>/reserve          takes space for deletions on a full disk
//	<name>/unfinished       marks a collection that a rebuild is filling
//	<name>.removed          a replaced collection whose removal was interrupted
//
// [Rebuild] creates a second collection beside the current one, and
// [Store.Activate] replaces the current one with it. Opening deletes nothing: the
// remains of an interrupted rebuild are deleted when the next rebuild begins, or by
// [Clean].
package local

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"dalil/corpus"
	"dalil/fair"
	"dalil/store"
	"dalil/vector"
)

// Options name the data folder of the store and the pipeline that builds it.
type Options struct {
	Dir      string // the data folder; created with mode 0700 if it is missing
	Pipeline corpus.Pipeline
	// ReadOnly opens the current collection and changes nothing. Writes are
	// refused. Several processes may read at the same time, but not while another
	// one writes.
	ReadOnly bool
	// Salvage opens what can be read of a damaged collection; it needs ReadOnly.
	// Every document is read. Those whose text can be read are listed, and
	// [Store.Damaged] returns what cannot be read.
	Salvage bool
	// Scans is the largest number of goroutines that search at the same time; 0: one per processor.
	Scans int
	// SideBySide is the number of passages from which on one search uses several goroutines; 0: 131,072.
	SideBySide int
	// MaxBytes limits the size of the database, like a full disk; 0: no limit.
	MaxBytes int64
	Now      func() time.Time // the clock by which documents expire and appear; nil: time.Now
	// Migrated is called with each migration of an older database, inside its
	// transaction, just before the commit. It may be nil.
	Migrated func(Migration)
	// MergeFailed is called when a merge in the background failed, which is tried again
	// later. It is called once for each damaged file, and once for each kind of other errors
	// until a merge succeeds. It may be nil.
	MergeFailed func(error)
}

// Store is one collection opened by one process.
type Store struct {
	options  Options
	name     string // of the collection
	folder   string
	lock     *lock
	database *database
	scans    scans
	sums     sumsPool
	tops     topPool
	clauses  clauses
	rotation *vector.Rotation // of questions, before the rough scan

	salvaged *salvaged // nil: opened without Options.Salvage
	settings atomic.Pointer[store.Settings]
	state    atomic.Pointer[snapshot]
	// committing is closed when the write that is being committed is in state; nil: there is none.
	committing atomic.Pointer[chan struct{}]
	identity   [8]byte      // of the database, random
	visible    atomic.Int64 // number of the last write that state has
	steps      atomic.Pointer[func(step store.Step, took time.Duration, err error)]

	asked atomic.Bool                // someone has searched since the writer last looked
	turns atomic.Pointer[fair.Turns] // of the work of writes; nil: it takes no turns

	keeping sync.Mutex // one KeepProfiles at a time
	column  atomic.Pointer[column]

	requests chan *request
	merged   chan merged
	closing  chan struct{}
	stopped  chan struct{} // the writer has ended
	shut     sync.Once
	shutErr  error

	// Only the writer uses the following fields.
	nextKey      int64
	sequence     int64           // number of the last write that was committed
	marked       int64           // number of the last write in the mark
	withoutFiles bool            // the listed files are not valid
	filed        int64           // keys up to this one are in listed segment files
	listed       map[string]bool // these files
	merging      []view          // result of the running large merge; nil: none is running
	retryMerge   time.Time
	lastWrite    time.Time
	lastAsked    time.Time       // about when someone searched
	unmerged     map[string]bool // files and kinds of errors whose failed merges were reported
	reserve      reserve
}

var _ store.Store = (*Store)(nil)

var errClosed = fmt.Errorf("%w: the store is closed", corpus.ErrUnavailable)

// Open opens the data folder's current collection, or creates the first one. Its
// errors are corpus.ErrLocked if another process has the folder open, a
// corpus.MismatchError if another pipeline built the collection, corpus.ErrMissing
// if the folder has collections but the current one or its database is missing,
// corpus.ErrCorrupt with the path if something cannot be read,
// corpus.ErrUnsupported if a newer version wrote the database, and with ReadOnly
// corpus.ErrNotReady if the folder has no collection. A database of an older
// version is migrated, or with ReadOnly read without a change.
func Open(ctx context.Context, options Options) (*Store, error) {
	held, err := prepareFolder(options)
	if err != nil {
		return nil, err
	}
	name, err := currentName(options.Dir)
	switch {
	case err != nil:
	case name != "" && !options.ReadOnly:
		err = finishMark(options.Dir, name)
	case name != "":
	case options.ReadOnly:
		err = errNothing(options.Dir)
	default:
		return first(ctx, options, held)
	}
	if err != nil {
		return nil, errors.Join(err, held.release())
	}
	return open(ctx, options, name, held)
}

// first creates the first collection of a folder. It becomes the current one when
// its database exists.
func first(ctx context.Context, options Options, held *lock) (*Store, error) {
	name, err := freeName(options.Dir, options.Pipeline)
	if err == nil {
		err = begin(options.Dir, name)
	}
	if err != nil {
		return nil, errors.Join(err, held.release())
	}
	s, err := open(ctx, options, name, held)
	if err != nil {
		return nil, err
	}
	if err := s.Activate(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func prepareFolder(options Options) (*lock, error) {
	if options.Salvage && !options.ReadOnly {
		return nil, corpus.Invalid("salvage", "needs read_only")
	}
	if options.Dir == "" {
		return nil, corpus.Invalid("dir", "is empty")
	}
	if options.Pipeline.Dimensions < 1 {
		return nil, corpus.Invalid("pipeline.dimensions", fmt.Sprintf("must be above 0, is %d", options.Pipeline.Dimensions))
	}
	if options.ReadOnly {
		if _, err := os.Stat(options.Dir); errors.Is(err, fs.ErrNotExist) {
			return nil, errNothing(options.Dir)
		}
		return acquire(options.Dir, toRead)
	}
	if err := makeFolder(options.Dir); err != nil {
		return nil, err
	}
	return acquire(options.Dir, toWrite)
}

// open opens a collection. It takes over the lock.
func open(ctx context.Context, options Options, name string, held *lock) (_ *Store, err error) {
	if options.Scans < 1 {
		options.Scans = runtime.GOMAXPROCS(0)
	}
	if options.SideBySide < 1 {
		options.SideBySide = sideBySide
	}
	if options.Now == nil {
		options.Now = time.Now
	}
	s := &Store{
		options: options, name: name, folder: filepath.Join(options.Dir, name), lock: held, scans: newScans(options.Scans),
		requests: make(chan *request, group), merged: make(chan merged, 1),
		closing: make(chan struct{}), stopped: make(chan struct{}), listed: map[string]bool{},
		rotation: vector.NewRotation(options.Pipeline.Dimensions),
		clauses:  newClauses(),
	}
	defer func() {
		if err != nil {
			if s.database != nil {
				err = errors.Join(err, s.database.close())
			}
			err = errors.Join(err, held.release())
		}
	}()
	path := filepath.Join(s.folder, databaseName)
	if options.ReadOnly {
		s.database, err = openToRead(ctx, path, options.Scans+2)
	} else {
		_, missing := os.Lstat(path)
		create := isUnfinished(options.Dir, name) && errors.Is(missing, fs.ErrNotExist)
		s.reserve = openReserve(s.folder)
		s.database, err = openDatabase(ctx, path, options.Scans+2, options.MaxBytes, create, options.Migrated)
		if corpus.KindOf(err) == corpus.ErrExhausted && s.reserve.give() {
			s.database, err = openDatabase(ctx, path, options.Scans+2, options.MaxBytes, create, options.Migrated)
		}
	}
	if err != nil {
		return nil, err
	}
	if err := s.load(ctx); err != nil {
		return nil, asError("load", s.database.path, err)
	}
	if options.ReadOnly {
		close(s.stopped) // there is no writer
	} else {
		go s.write()
	}
	return s, nil
}

// Close waits for writes that have begun, refuses others, and unlocks the folder.
func (s *Store) Close() error {
	s.shut.Do(func() {
		close(s.closing)
		<-s.stopped
		s.shutErr = errors.Join(s.closeColumn(), s.closeDatabase(), s.lock.release())
	})
	return s.shutErr
}

// Ready returns nil if the store can answer searches and accept writes.
func (s *Store) Ready(ctx context.Context) error {
	select {
	case <-s.closing:
		return errClosed
	default:
		return cmp.Or(ctx.Err(), s.database.present())
	}
}

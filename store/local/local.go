// Package local is the embedded store. SQLite keeps the data durably; searches run
// in memory. Dense vectors are a matrix of bytes that is scanned whole with SIMD,
// and the best are scored again with 16 bits an element. Sparse vectors are in
// postings, filters are bitmaps. Start with [Open].
//
// The index is a list of immutable segments, each with some documents in the order
// of their writing, and of marks for deleted rows. A write commits to SQLite, then
// appends a small segment and marks what it replaces, in one new state behind one
// atomic pointer. A reader uses one state from beginning to end and never waits.
// Small segments are merged as they arrive. Large ones are also kept as files, so
// that opening reads them instead of every vector of the database. The files can
// always be made again: the database lists the valid ones with their checksums. If
// one is missing or differs, all are rebuilt.
//
// The data folder:
//
//	lock                    the pid of the process that has locked the folder
//	current                 the name of the collection's folder
//	<name>/dalil.db         all data (with -wal and -shm while it is open)
//	<name>/*.segment        copies of large segments
//	<name>/*.profiles       profiles of passages, see [Store.KeepProfiles]
//	<name>/acknowledged.json the last write that was acknowledged
//	<name>/unfinished       marks a collection that a rebuild is filling
//	<name>.removed          a replaced collection whose removal was interrupted
//
// [Rebuild] makes a second collection beside the current one and
// [Store.Activate] swaps them. Opening removes nothing: what an interrupted
// rebuild left behind is removed when the next rebuild begins, or by [Clean].
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
	"dalil/store"
)

// Options name the data folder of the store and the pipeline that builds it.
type Options struct {
	Dir      string // the data folder; created when missing, with mode 0700
	Pipeline corpus.Pipeline
	// ReadOnly opens what the folder holds and changes nothing. Several processes
	// may read at a time, but none beside one that writes. Writes are refused.
	ReadOnly bool
	// Salvage opens what can be read of a damaged collection, with ReadOnly: every
	// document is read, those whose text can be read are listed, and
	// [Store.Damaged] says what cannot.
	Salvage bool
	// Scans bounds how many goroutines search at once; 0: one a processor.
	Scans int
	// MaxBytes bounds the database as a full disk does; 0: the disk itself.
	MaxBytes int64
	Now      func() time.Time // by which documents expire and appear; nil: time.Now
	// Migrated is called with each migration of an older database, inside its
	// transaction, just before that is committed; nil: nobody asks.
	Migrated func(Migration)
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

	salvaged  *salvaged // nil: opened without Options.Salvage
	documents *documentCache
	settings  atomic.Pointer[store.Settings]
	state     atomic.Pointer[snapshot]

	keeping sync.Mutex // one KeepProfiles at a time
	column  atomic.Pointer[column]

	requests chan *request
	merged   chan merged
	closing  chan struct{}
	stopped  chan struct{} // the writer has ended
	shut     sync.Once
	shutErr  error

	// The writer's own.
	nextKey      int64
	sequence     int64           // of the last write that was committed
	marked       int64           // of the last write in the file that is the high-water mark
	withoutFiles bool            // the listed files are not to be trusted
	filed        int64           // keys up to here lie in listed segment files
	listed       map[string]bool // these files
	merging      []view          // of the large merge that runs; nil: none does
	retryMerge   time.Time
}

var _ store.Store = (*Store)(nil)

var errClosed = fmt.Errorf("%w: the store is closed", corpus.ErrUnavailable)

// Open opens the data folder's current collection, or makes the first one.
// Errors: corpus.ErrLocked where another process has the folder, a
// corpus.MismatchError where another pipeline built the collection,
// corpus.ErrMissing where the folder holds collections but the current one or
// its database is missing, corpus.ErrCorrupt with the path where something
// cannot be read, corpus.ErrUnsupported where a newer version wrote it, and with
// ReadOnly corpus.ErrNotReady where nothing is held. An older version is migrated,
// or with ReadOnly read as it is.
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

// first makes the first collection of a folder. It becomes the current one once
// its database is there.
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

// open opens a collection under a lock that it takes over.
func open(ctx context.Context, options Options, name string, held *lock) (_ *Store, err error) {
	if options.Scans < 1 {
		options.Scans = runtime.GOMAXPROCS(0)
	}
	if options.Now == nil {
		options.Now = time.Now
	}
	s := &Store{
		options: options, name: name, folder: filepath.Join(options.Dir, name), lock: held, scans: newScans(options.Scans),
		documents: newDocumentCache(), requests: make(chan *request, group), merged: make(chan merged, 1),
		closing: make(chan struct{}), stopped: make(chan struct{}), listed: map[string]bool{},
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
		s.database, err = openDatabase(ctx, path, options.Scans+2, int(options.MaxBytes/4096), create, options.Migrated)
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

// Close lets the writer finish what it has begun and gives the folder free.
// What is not yet begun is refused.
func (s *Store) Close() error {
	s.shut.Do(func() {
		close(s.closing)
		<-s.stopped
		s.shutErr = errors.Join(s.closeColumn(), s.database.close(), s.lock.release())
	})
	return s.shutErr
}

// Ready reports whether searches can be answered and writes be taken.
func (s *Store) Ready(ctx context.Context) error {
	select {
	case <-s.closing:
		return errClosed
	default:
		return cmp.Or(ctx.Err(), s.database.present())
	}
}

// Package local is the embedded store: SQLite holds the truth, memory answers
// the searches. Dense vectors lie in one int8 matrix that is scanned whole, the
// best are scored again in float32; sparse vectors lie in postings; filters
// become bitmaps. Start with [Open].
package local

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"dalil/corpus"
	"dalil/store"
)

// Options say where the store lies and what it was built by.
type Options struct {
	Dir      string // created when missing, with mode 0700
	Pipeline corpus.Pipeline
	// Scans bounds the searches that run at once; 0: one per CPU.
	Scans int
	// maxPages bounds the database for the test of a full disk; 0: none.
	maxPages int
}

// Store is one folder opened by one process.
type Store struct {
	options  Options
	lock     *lock
	writing  *sql.DB // one connection
	reading  *sql.DB
	requests chan *request
	closing  chan struct{}
	closed   sync.Once
	done     chan struct{} // the writer has ended
	scans    chan struct{}
	settings atomic.Pointer[store.Settings]

	mu  sync.RWMutex // held for writing only while a committed batch is brought into memory
	mem *memory
}

var _ store.Store = (*Store)(nil)

// fileName is the database's name in the folder.
const fileName = "dalil.db"

// Open opens or creates the store in a folder. Errors: corpus.ErrLocked where
// another process has it, a corpus.MismatchError where another pipeline built
// it, corpus.ErrCorrupt with the path where it can't be read.
func Open(ctx context.Context, options Options) (_ *Store, err error) {
	if options.Pipeline.Dimensions <= 0 {
		return nil, corpus.Invalid("pipeline.dimensions", fmt.Sprintf("must be above 0, is %d", options.Pipeline.Dimensions))
	}
	if options.Scans <= 0 {
		options.Scans = runtime.GOMAXPROCS(0)
	}
	if err := os.MkdirAll(options.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("create the data folder: %w", err)
	}
	held, err := acquire(filepath.Join(options.Dir, "lock"))
	if err != nil {
		return nil, err
	}
	s := &Store{
		options: options, lock: held, requests: make(chan *request, 64), closing: make(chan struct{}),
		done: make(chan struct{}), scans: make(chan struct{}, options.Scans), mem: newMemory(options.Pipeline.Dimensions),
	}
	defer func() {
		if err != nil {
			s.release()
		}
	}()
	path := filepath.Join(options.Dir, fileName)
	if err := s.connect(ctx, path); err != nil {
		return nil, classify(path, err)
	}
	if err := s.load(ctx); err != nil {
		return nil, classify(path, err)
	}
	go s.write()
	return s, nil
}

func (s *Store) release() {
	for _, db := range []*sql.DB{s.writing, s.reading} {
		if db != nil {
			db.Close()
		}
	}
	s.lock.release()
}

// Close ends the writer, which first finishes what it has begun, and gives the
// folder free. Later calls of anything but Close are corpus.ErrUnavailable.
func (s *Store) Close() error {
	var err error
	s.closed.Do(func() {
		close(s.closing)
		<-s.done
		// Leaves one file behind: the log is folded into the database.
		_, checkpointErr := s.writing.Exec("PRAGMA wal_checkpoint(TRUNCATE)")
		err = errors.Join(checkpointErr, s.reading.Close(), s.writing.Close(), s.lock.release())
	})
	return err
}

// usable returns why a call can't be taken, nil where it can.
func (s *Store) usable(ctx context.Context) error {
	select {
	case <-s.closing:
		return errClosed
	default:
		return ctx.Err()
	}
}

// Ready reports whether searches and writes can be taken.
func (s *Store) Ready(ctx context.Context) error {
	return s.usable(ctx)
}

var errClosed = fmt.Errorf("%w: the store is closed", corpus.ErrUnavailable)

// Settings returns what Create fixed.
func (s *Store) Settings(ctx context.Context) (store.Settings, error) {
	if err := s.usable(ctx); err != nil {
		return store.Settings{}, err
	}
	if held := s.settings.Load(); held != nil {
		return *held, nil
	}
	return store.Settings{}, fmt.Errorf("%w: nothing has been indexed", corpus.ErrNotReady)
}

// Stats counts what the memory holds; languages are counted by document.
func (s *Store) Stats(ctx context.Context) (corpus.Stats, error) {
	if err := s.usable(ctx); err != nil {
		return corpus.Stats{}, err
	}
	stats := corpus.Stats{Languages: map[string]int{}}
	for _, suffix := range []string{"", "-wal"} {
		if info, err := os.Stat(filepath.Join(s.options.Dir, fileName+suffix)); err == nil {
			stats.DiskBytes += info.Size()
		}
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	stats.Documents, stats.Passages, stats.Terms = len(s.mem.byID), s.mem.live, len(s.mem.postings)
	for _, slot := range s.mem.byID {
		stats.Languages[s.mem.documents[slot].language]++
	}
	if s.mem.updated > 0 {
		stats.UpdatedAt = time.UnixMicro(s.mem.updated).UTC()
	}
	return stats, nil
}

package local

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"time"

	"dalil/corpus"
)

// SQLite writes a deletion to its log before anything becomes free, and copies the log to
// the database when it is long, which may extend the database. On a full disk it can do
// neither. So a file takes the space that both need. A deletion that the disk refuses
// removes the file and is tried again. Until the space is taken again, nothing else is
// written, so that it is there for deletions.

// reserveName is the name of the file that takes the space.
const reserveName = "reserve"

// The reserve has reserveLeast bytes for a deletion, and as many as the database may grow by
// when the log is copied: at most its size, and at most what the log has by then. Together
// they are at most reserveMost.
const (
	reserveLeast = 1 << 20
	reserveMost  = 20 << 20
)

// reserveShare is which part of the free space the reserve takes at most.
const reserveShare = 4

// reserve is the file. Only the writer uses it.
type reserve struct {
	path  string
	size  int64
	given int64 // its size before it was removed for a deletion; 0: it was not
}

func openReserve(folder string) reserve {
	r := reserve{path: filepath.Join(folder, reserveName)}
	if info, err := os.Stat(r.path); err == nil {
		r.size = info.Size()
	}
	return r
}

// give removes the file. It reports whether there was one.
func (r *reserve) give() bool {
	err := os.Remove(r.path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return false
	}
	if r.size > 0 {
		r.size, r.given = 0, r.size
	}
	return err == nil
}

// take extends the file to a size, or leaves it as it was.
func (r *reserve) take(size int64) error {
	f, err := os.OpenFile(r.path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	if err = occupy(f, r.size, size-r.size); err != nil {
		err = errors.Join(err, f.Truncate(r.size))
	}
	if err = errors.Join(err, f.Close()); err != nil {
		if r.size == 0 {
			err = errors.Join(err, os.Remove(r.path))
		}
		return err
	}
	r.size, r.given = size, 0
	return nil
}

// keepReserve takes the space that the reserve should have, if enough is free.
func (s *Store) keepReserve() {
	if s.reserve.given > 0 {
		s.takeAgain()
		return
	}
	size := min(reserveLeast+s.database.size(), reserveMost)
	if s.reserve.size >= size {
		return
	}
	size = min(max(size, 2*s.reserve.size), reserveMost) // not a little more with each write
	free, _, err := diskSpace(s.folder)
	if more := min(size-s.reserve.size, int64(min(free, math.MaxInt64))/reserveShare); err == nil && more > 0 {
		_ = s.reserve.take(s.reserve.size + more) // tried again later
	}
}

// takeAgain takes the space of a reserve that was given away. It frees that of SQLite's
// log for it.
func (s *Store) takeAgain() bool {
	size := s.reserve.given
	if s.reserve.take(size) == nil {
		return true
	}
	s.database.checkpoint("TRUNCATE")
	return s.reserve.take(size) == nil
}

// spare refuses writes that a reserve must not be used for.
func (s *Store) spare(batch []*request) error {
	if s.reserve.given == 0 || onlyDeletes(batch) || s.takeAgain() {
		return nil
	}
	return &corpus.Error{Kind: corpus.ErrExhausted, Op: "write: database", Thing: s.database.path, Cause: errFull(s.database.path)}
}

// closeDatabase closes the database, and uses the reserve if the disk has no room for the log.
func (s *Store) closeDatabase() error {
	if !s.options.ReadOnly {
		_, err := s.database.main.ExecContext(context.Background(), "PRAGMA wal_checkpoint(TRUNCATE)")
		if corpus.KindOf(asError("close", s.database.path, err)) == corpus.ErrExhausted {
			s.reserve.give()
		}
	}
	err := s.database.close() // removes the log
	if s.reserve.given > 0 {
		_ = s.reserve.take(s.reserve.given)
	}
	return err
}

// again runs a write. On a full disk it copies the log, which is then written from its
// beginning, and runs the write again. What frees space gets the reserve for that.
func (s *Store) again(frees bool, write func() error) error {
	err := write()
	if err == nil || corpus.KindOf(asError("write", s.database.path, err)) != corpus.ErrExhausted {
		return err
	}
	given := frees && s.reserve.give()
	if copied := s.database.checkpoint("PASSIVE"); !copied && !given {
		return err
	}
	return write()
}

func onlyDeletes(batch []*request) bool {
	for _, r := range batch {
		if len(r.entries) > 0 || r.settings != nil {
			return false
		}
	}
	return true
}

// size returns how many bytes the database has when the log is copied.
func (d *database) size() int64 {
	var pages, page int64
	_ = d.main.QueryRowContext(context.Background(), "PRAGMA page_count").Scan(&pages)
	_ = d.main.QueryRowContext(context.Background(), "PRAGMA page_size").Scan(&page)
	return pages * page
}

// checkpoint copies SQLite's log to the database, as far as the disk and readers allow, and
// reports whether it copied all of it. With TRUNCATE it frees the space of the log too. It
// does not wait for readers.
func (d *database) checkpoint(how string) bool {
	ctx := context.Background()
	if _, err := d.main.ExecContext(ctx, "PRAGMA busy_timeout(0)"); err != nil {
		return false
	}
	var busy, pages, copied int
	err := d.main.QueryRowContext(ctx, "PRAGMA wal_checkpoint("+how+")").Scan(&busy, &pages, &copied)
	_, failed := d.main.ExecContext(ctx, fmt.Sprintf("PRAGMA busy_timeout(%d)", busyTimeout))
	return cmp.Or(err, failed) == nil && busy == 0 && pages > 0 && pages == copied
}

// dropFiles deletes the files of segments whose documents were all deleted.
func (s *Store) dropFiles() {
	used := 0
	for _, v := range s.state.Load().views {
		if v.file != nil && s.listed[v.file.name] {
			used++
		}
	}
	if used == len(s.listed) || s.merging != nil || time.Now().Before(s.retryMerge) {
		return
	}
	if s.list() != nil {
		s.retryMerge = time.Now().Add(mergeAgain)
	}
}

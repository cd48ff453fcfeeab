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
// removes the file and is tried again. Other writes are refused if they would leave no
// space for the file.

// reserveName is the name of the file that takes the space.
const reserveName = "reserve"

// The reserve has at least reserveLeast bytes for a deletion, and as many as the database
// grows by when the log is copied. While more is free, it has as many as the database, which
// is what it grows by at most. It never has more than reserveMost.
const (
	reserveLeast = 1 << 20
	reserveMost  = 20 << 20
)

// reserveShare is which part of the free space the reserve takes at most when it takes more
// than it must.
const reserveShare = 4

// reserve is the file. Only the writer uses it.
type reserve struct {
	path string
	size int64
}

// openReserve finds the file. A copy of it may have a size and take no space.
func openReserve(folder string) reserve {
	r := reserve{path: filepath.Join(folder, reserveName)}
	if info, err := os.Lstat(r.path); err == nil && info.Mode().IsRegular() && takesSpace(info) {
		r.size = info.Size()
	}
	return r
}

// look finds out whether someone else has removed or cut the file.
func (r *reserve) look() {
	info, err := os.Lstat(r.path)
	switch {
	case err == nil && info.Mode().IsRegular():
		r.size = min(r.size, info.Size())
	case err == nil, errors.Is(err, fs.ErrNotExist):
		r.size = 0
	}
}

// give removes the file. It reports whether there was one.
func (r *reserve) give() bool {
	if r.size == 0 {
		return false
	}
	err := os.Remove(r.path)
	if err == nil || errors.Is(err, fs.ErrNotExist) {
		r.size = 0
	}
	return err == nil
}

// take extends the file to a size, or leaves it as it was.
func (r *reserve) take(size int64) error {
	if info, err := os.Lstat(r.path); err == nil && !info.Mode().IsRegular() {
		return fmt.Errorf("%s is not a regular file", r.path)
	}
	flags := os.O_CREATE | os.O_RDWR
	if r.size == 0 {
		flags |= os.O_TRUNC
	}
	f, err := os.OpenFile(r.path, flags, 0o600)
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
	r.size = size
	return nil
}

// keepReserve takes the space that the reserve should have when so many bytes more are
// written. It reports whether the reserve has what it must have then. If only the log leaves
// too little space, it copies the log and frees its space.
func (s *Store) keepReserve(more int64) bool {
	if s.reserve.size >= reserveMost {
		return true
	}
	s.growReserve(min(reserveLeast+s.database.size()+more, reserveMost))
	if s.reserved(more) {
		return true
	}
	if !s.database.checkpoint("TRUNCATE") && s.reserve.give() {
		s.database.checkpoint("TRUNCATE")
	}
	return s.reserved(more)
}

// growReserve extends the reserve to a size, or by its share of the free space.
func (s *Store) growReserve(size int64) {
	if s.reserve.size >= size {
		return
	}
	size = min(max(size, 2*s.reserve.size), reserveMost) // not a little more with each write
	free, _, err := diskSpace(s.folder)
	if more := min(size-s.reserve.size, int64(min(free, math.MaxInt64))/reserveShare); err == nil && more > 0 {
		_ = s.reserve.take(s.reserve.size + more) // tried again later
	}
}

// reserved extends the reserve to what it must have when so many bytes more are written. It
// reports false if the disk has no room for it.
func (s *Store) reserved(more int64) bool {
	size := min(reserveLeast+s.database.growth()+more, reserveMost)
	return s.reserve.size >= size || !isFull(s.reserve.take(size))
}

// spare refuses writes that would leave no space for deletions.
func (s *Store) spare(batch []*request) error {
	if onlyDeletes(batch) || s.keepReserve(sizeOf(batch)) {
		return nil
	}
	return &corpus.Error{Kind: corpus.ErrExhausted, Op: "write: database", Thing: s.database.path, Cause: errFull(s.database.path)}
}

// sizeOf returns how many bytes the database grows by when a batch is written, about.
func sizeOf(batch []*request) int64 {
	n := 0
	for _, r := range batch {
		for _, p := range r.entries {
			n += len(p.fields) + rowBytes
			for _, one := range p.passages {
				n += len(one.text) + len(one.dense) + len(one.sparse) + len(one.headings) + rowBytes
			}
		}
	}
	return int64(n + n/4) // pages are not full
}

// rowBytes is what the rows of a document or passage take beside what is counted.
const rowBytes = 256

// closeDatabase closes the database, and uses the reserve if the disk has no room for the log.
func (s *Store) closeDatabase() error {
	held := s.reserve.size
	if !s.options.ReadOnly {
		_, err := s.database.main.ExecContext(context.Background(), "PRAGMA wal_checkpoint(TRUNCATE)")
		if corpus.KindOf(asError("close", s.database.path, err)) == corpus.ErrExhausted {
			s.reserve.give()
		}
	}
	err := s.database.close() // removes the log
	if s.reserve.size < held && s.reserve.take(held) != nil {
		_ = s.reserve.take(min(held, reserveLeast)) // without a log, deletions need no more
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

// growth returns how many bytes the database grows by when the log is copied.
func (d *database) growth() int64 {
	size := d.size()
	if info, err := os.Stat(d.path); err == nil {
		size -= info.Size()
	}
	return max(size, 0)
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
	return cmp.Or(err, failed) == nil && busy == 0 && pages == copied
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

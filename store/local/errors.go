package local

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"syscall"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"dalil/corpus"
)

// folderError gives an error of the file system its kind, and names the file or
// folder.
func folderError(op, path string, err error) error {
	kind := corpus.ErrInternal
	switch {
	case isFull(err):
		kind = corpus.ErrExhausted
		err = fmt.Errorf("%w: %w", errFull(path), corpus.Foreign(err))
	case errors.Is(err, fs.ErrPermission):
		kind = corpus.ErrDenied
	case errors.Is(err, syscall.EROFS):
		kind = corpus.ErrDenied
	case errors.Is(err, syscall.EIO):
		kind = corpus.ErrUnavailable
	}
	var at *fs.PathError
	if errors.As(err, &at) {
		err = at.Err // the error names the path already
	}
	return &corpus.Error{Kind: kind, Op: op, Thing: path, Cause: corpus.Foreign(err)}
}

func isFull(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT)
}

// errFull is the error of a full disk; it names the folder and the disk.
func errFull(path string) error {
	folder := filepath.Dir(path)
	if disk := diskOf(folder); disk != "" {
		return fmt.Errorf("the disk %s, which holds the folder %s, is full; free some space and try again", disk, folder)
	}
	return fmt.Errorf("the disk that holds the folder %s is full; free some space and try again", folder)
}

// asError gives an error of SQLite its kind, names the operation and the database,
// and keeps the driver's error as text only. It returns errors of a context and
// sql.ErrNoRows unchanged.
func asError(op, path string, err error) error {
	var e *sqlite.Error
	switch {
	case err == nil, errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded), errors.Is(err, sql.ErrNoRows):
		return err
	case !errors.As(err, &e):
		if kind := corpus.KindOf(err); kind != "" {
			return &corpus.Error{Kind: kind, Op: op + ": database", Thing: path, Cause: err}
		}
		return folderError(op+": database", path, err)
	}
	kind := kindOf(e)
	cause := corpus.Foreign(err)
	switch kind {
	case corpus.ErrExhausted:
		cause = fmt.Errorf("%w: %w", errFull(path), cause)
	case corpus.ErrCorrupt:
		cause = fmt.Errorf("%w; run \"dalil doctor\" to see which documents are damaged", cause)
	}
	return &corpus.Error{Kind: kind, Op: op + ": database", Thing: path, Cause: cause}
}

func kindOf(e *sqlite.Error) corpus.Kind {
	switch code := e.Code(); code & 0xff {
	case sqlite3.SQLITE_FULL:
		return corpus.ErrExhausted
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return corpus.ErrCorrupt
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return corpus.ErrUnavailable
	case sqlite3.SQLITE_NOMEM:
		return corpus.ErrExhausted
	case sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH:
		return corpus.ErrDenied
	case sqlite3.SQLITE_IOERR:
		// These are the errors of a full disk when the log or the shared memory grows, and when
		// a page of the shared memory gets its blocks.
		if code == sqlite3.SQLITE_IOERR_WRITE || code == sqlite3.SQLITE_IOERR_SHMSIZE || code == sqlite3.SQLITE_IOERR_IN_PAGE || strings.Contains(e.Error(), "full") {
			return corpus.ErrExhausted
		}
		if code == sqlite3.SQLITE_IOERR_SHORT_READ || code == sqlite3.SQLITE_IOERR_CORRUPTFS || code == sqlite3.SQLITE_IOERR_DATA {
			return corpus.ErrCorrupt
		}
		return corpus.ErrUnavailable
	}
	return corpus.ErrInternal
}

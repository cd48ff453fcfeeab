package local

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"dalil/corpus"
	"dalil/store"
)

// Inspect lists all collections of a data folder. problem is why [Open] refuses the
// folder, or nil. It changes nothing.
func Inspect(ctx context.Context, dir string) (found []store.Found, problem, err error) {
	if _, err := os.Stat(dir); errors.Is(err, os.ErrNotExist) {
		return nil, nil, errNothing(dir)
	}
	held, err := acquire(dir, toRead)
	if err != nil {
		return nil, nil, err
	}
	defer func() { err = errors.Join(err, held.release()) }()
	current, problem := currentName(dir)
	names, err := collections(dir)
	for _, name := range names {
		c := inspect(ctx, dir, name)
		c.Current = name == current
		if c.Current && problem == nil {
			problem = c.Problem
		}
		found = append(found, c)
	}
	return found, problem, err
}

func inspect(ctx context.Context, dir, name string) store.Found {
	folder := filepath.Join(dir, name)
	path := filepath.Join(folder, databaseName)
	c := store.Found{Name: name, Unfinished: isUnfinished(dir, name), DiskBytes: folderSize(folder)}
	if c.Problem = checkCollection(dir, name); c.Problem == nil {
		c.Problem = asError("read", path, readFound(ctx, &c, path))
	}
	return c
}

func readFound(ctx context.Context, c *store.Found, path string) error {
	pool, err := sql.Open("sqlite", readAddress(path, false))
	if err != nil {
		return err
	}
	defer pool.Close()
	if c.Schema, err = checkSchema(ctx, pool); err != nil {
		return err
	}
	settings, err := readSettings(ctx, pool)
	if err != nil {
		return err
	}
	if settings != nil {
		c.Pipeline = settings.Pipeline
	}
	var updated []byte
	err = pool.QueryRowContext(ctx, "SELECT value FROM setting WHERE key = 'updated'").Scan(&updated)
	if err == nil {
		c.UpdatedAt = time.UnixMicro(parseUpdated(updated)).UTC()
	} else if !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	if err := pool.QueryRowContext(ctx, "SELECT count(*) FROM document").Scan(&c.Documents); err != nil {
		return err
	}
	sequence, err := readSequence(ctx, pool)
	if a, found := readMark(filepath.Dir(path)); err == nil && found && sequence < a.Sequence {
		c.Lost = lostError(path, a, sequence, c.Documents)
	}
	return err
}

// Use makes a collection of a data folder the current one. It refuses one that
// cannot be read.
func Use(ctx context.Context, dir, name string) (err error) {
	if !collectionName.MatchString(name) {
		return corpus.Invalid("name", strconv.Quote(name)+" is not the name of a collection")
	}
	held, err := acquire(dir, toWrite)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, held.release()) }()
	if c := inspect(ctx, dir, name); c.Problem != nil {
		return c.Problem
	}
	if err := makeCurrent(dir, name); err != nil {
		return folderError("write file", filepath.Join(dir, currentFile), err)
	}
	return finishMark(dir, name)
}

// SetAside renames every collection of a data folder, so that the next [Open]
// starts with an empty one. It deletes nothing, and returns the new names.
func SetAside(dir string) (names []string, err error) {
	held, err := acquire(dir, toWrite)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, held.release()) }()
	all, err := collections(dir)
	if err != nil {
		return nil, err
	}
	// "current" is removed last, so that an interruption leaves a folder that is refused.
	for _, name := range all {
		to := filepath.Join(dir, name+asideSuffix())
		if err := os.Rename(filepath.Join(dir, name), to); err != nil {
			return names, folderError("rename folder", filepath.Join(dir, name), err)
		}
		names = append(names, filepath.Base(to))
	}
	path := filepath.Join(dir, currentFile)
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return names, folderError("remove file", path, err)
	}
	return names, syncDir(dir)
}

// Clean deletes the remains of unfinished rebuilds in a data folder, but never the
// current collection, and returns their names.
func Clean(dir string) (names []string, err error) {
	held, err := acquire(dir, toWrite)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, held.release()) }()
	current, err := currentName(dir)
	if err != nil {
		return nil, err
	}
	return removeLeftovers(dir, current)
}

package local

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"

	"dalil/corpus"
	"dalil/store"
)

// Peek tells what a data folder holds without opening it, also while another
// process has it: corpus.ErrNotReady where there is nothing. It changes nothing.
func Peek(ctx context.Context, dir string) (store.Settings, error) {
	held, err := acquire(dir, toRead)
	live := errors.Is(err, corpus.ErrLocked) // another process writes: its log counts
	settings, err := peek(ctx, dir, live)
	if held != nil {
		_ = held.release()
	}
	return settings, err
}

// errNothing is the error of a folder without a collection.
func errNothing(dir string) error {
	return corpus.Errorf(corpus.ErrNotReady,
		"nothing has been indexed in the data folder %s; run \"dalil index PATH\", or name the right folder with --data", dir)
}

func peek(ctx context.Context, dir string, live bool) (store.Settings, error) {
	name, err := currentName(dir)
	if err != nil {
		return store.Settings{}, err
	}
	if name == "" {
		return store.Settings{}, errNothing(dir)
	}
	path := filepath.Join(dir, name, databaseName)
	pool, err := sql.Open("sqlite", readAddress(path, live))
	if err != nil {
		return store.Settings{}, classify("read settings", path, err)
	}
	defer pool.Close()
	if err := checkSchema(ctx, pool); err != nil {
		return store.Settings{}, classify("read settings", path, err)
	}
	settings, err := readSettings(ctx, pool)
	if err != nil {
		return store.Settings{}, classify("read settings", path, err)
	}
	if settings == nil {
		return store.Settings{}, errNothing(dir)
	}
	return *settings, nil
}

package local

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"

	"dalil/corpus"
	"dalil/store"
)

// Peek returns the pipeline of a data folder without opening it, also while another
// process has it open. It returns corpus.ErrNotReady if the folder has no
// collection. It changes nothing.
func Peek(ctx context.Context, dir string) (store.Settings, error) {
	held, err := acquire(dir, toRead)
	live := errors.Is(err, corpus.ErrLocked) // another process writes, so its log must be read too
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
		return store.Settings{}, asError("read settings", path, err)
	}
	defer pool.Close()
	if _, err := checkSchema(ctx, pool); err != nil {
		return store.Settings{}, asError("read settings", path, err)
	}
	settings, err := readSettings(ctx, pool)
	if err != nil {
		return store.Settings{}, asError("read settings", path, err)
	}
	if settings == nil {
		return store.Settings{}, errNothing(dir)
	}
	return *settings, nil
}

// OpenDamaged opens what can be read of the current collection of a data folder,
// whatever pipeline built it; see Options.Salvage.
func OpenDamaged(ctx context.Context, dir string) (*Store, error) {
	p, err := damagedPipeline(ctx, dir, errors.Is(lockedBy(dir), corpus.ErrLocked))
	if err != nil {
		return nil, err
	}
	return Open(ctx, Options{Dir: dir, Pipeline: p, ReadOnly: true, Salvage: true})
}

// lockedBy returns why the folder cannot be read now, or nil.
func lockedBy(dir string) error {
	held, err := acquire(dir, toRead)
	if err != nil {
		return err
	}
	return held.release()
}

// damagedPipeline returns the pipeline of the current collection. If the settings
// cannot be read, it has only a width, which is that of the first vector.
func damagedPipeline(ctx context.Context, dir string, live bool) (corpus.Pipeline, error) {
	settings, err := peek(ctx, dir, live)
	if !errors.Is(err, corpus.ErrCorrupt) {
		return settings.Pipeline, err
	}
	name, nameErr := currentName(dir)
	if nameErr != nil || name == "" {
		return settings.Pipeline, err
	}
	path := filepath.Join(dir, name, databaseName)
	pool, openErr := sql.Open("sqlite", readAddress(path, live))
	if openErr != nil {
		return settings.Pipeline, err
	}
	defer pool.Close()
	var bytes int
	if _, schemaErr := checkSchema(ctx, pool); schemaErr != nil {
		return settings.Pipeline, err
	}
	if pool.QueryRowContext(ctx, "SELECT length(dense) FROM vector LIMIT 1").Scan(&bytes) != nil || bytes < 4 {
		return settings.Pipeline, err
	}
	return corpus.Pipeline{Dimensions: bytes / 4}, nil
}

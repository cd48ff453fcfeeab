package local

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"dalil/corpus"
	"dalil/store"
)

const currentFile = "current"

// collectionName is the fingerprint of a pipeline, with a number where there
// was one of that name.
var collectionName = regexp.MustCompile(`^[0-9a-f]{16}(-[0-9]{1,9})?$`)

func makeFolder(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("create the data folder: %w", err)
	}
	return nil
}

// currentName returns "" where no collection has been made.
func currentName(dir string) (string, error) {
	path := filepath.Join(dir, currentFile)
	raw, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("read which collection is current: %w", err)
	}
	name := strings.TrimSpace(string(raw))
	if !collectionName.MatchString(name) {
		return "", fmt.Errorf("%w: %s names no collection", corpus.ErrCorrupt, path)
	}
	return name, nil
}

// makeCurrent swaps the pointer in one step that survives a crash.
func makeCurrent(dir, name string) error {
	path := filepath.Join(dir, currentFile)
	f, err := os.OpenFile(path+".new", os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.WriteString(name + "\n")
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(path+".new", path); err != nil {
		return err
	}
	return syncDir(dir)
}

// removeOthers removes what a rebuild that did not end, or one that did, has
// left.
func removeOthers(dir, current string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if !e.IsDir() || e.Name() == current || !collectionName.MatchString(e.Name()) {
			continue
		}
		if err := os.RemoveAll(filepath.Join(dir, e.Name())); err != nil {
			return fmt.Errorf("remove an old collection: %w", err)
		}
	}
	return nil
}

// Rebuild opens an empty collection beside the current one of the data folder,
// for any pipeline. Nothing changes until [Store.Activate]; without it the next
// [Open] finds the old collection and removes this one. Errors are those of
// Open but the mismatch.
func Rebuild(ctx context.Context, options Options) (*Store, error) {
	held, err := prepareFolder(options)
	if err != nil {
		return nil, err
	}
	name, err := currentName(options.Dir)
	if err == nil {
		err = removeOthers(options.Dir, name)
	}
	if err != nil {
		return nil, errors.Join(err, held.release())
	}
	fresh := options.Pipeline.Fingerprint()
	for n := 2; fresh == name; n++ {
		fresh = fmt.Sprintf("%s-%d", options.Pipeline.Fingerprint(), n)
	}
	return open(ctx, options, fresh, held)
}

// Before opens the collection that this one, opened by [Rebuild], is to replace;
// corpus.ErrNotReady where there is none. Close it before this one.
func (s *Store) Before(ctx context.Context) (*Store, error) {
	settings, err := Peek(ctx, s.options.Dir)
	if err != nil {
		return nil, err
	}
	name, err := currentName(s.options.Dir)
	if err != nil {
		return nil, err
	}
	options := s.options
	options.Pipeline = settings.Pipeline
	return open(ctx, options, name, nil)
}

// Activate makes a collection that [Rebuild] opened the current one and removes
// the one before. Of the current one it does nothing.
func (s *Store) Activate(context.Context) error {
	before, err := currentName(s.options.Dir)
	if err != nil || before == s.name {
		return err
	}
	if err := makeCurrent(s.options.Dir, s.name); err != nil {
		return fmt.Errorf("activate the new collection: %w", err)
	}
	return removeOthers(s.options.Dir, s.name)
}

// Peek tells what a data folder holds without opening it, also while another
// process has it: corpus.ErrNotReady where there is nothing.
func Peek(ctx context.Context, dir string) (store.Settings, error) {
	nothing := fmt.Errorf("%w: nothing has been indexed in %s", corpus.ErrNotReady, dir)
	name, err := currentName(dir)
	if err != nil {
		return store.Settings{}, err
	}
	path := filepath.Join(dir, name, databaseName)
	if _, err := os.Stat(path); name == "" || errors.Is(err, fs.ErrNotExist) {
		return store.Settings{}, nothing
	}
	pool, err := sql.Open("sqlite", address(path, "ro"))
	if err != nil {
		return store.Settings{}, classify(path, err)
	}
	defer pool.Close()
	var tables int
	if err := pool.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_schema WHERE name = 'setting'").Scan(&tables); err != nil {
		return store.Settings{}, classify(path, err)
	}
	if tables == 0 {
		return store.Settings{}, nothing
	}
	settings, err := readSettings(ctx, pool)
	if err != nil {
		return store.Settings{}, classify(path, err)
	}
	if settings == nil {
		return store.Settings{}, nothing
	}
	return *settings, nil
}

func folderSize(dir string) int64 {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return 0
	}
	total := int64(0)
	for _, e := range entries {
		if info, err := e.Info(); err == nil {
			total += info.Size()
		}
	}
	return total
}

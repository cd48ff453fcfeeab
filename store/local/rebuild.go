package local

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"time"

	"dalil/corpus"
)

// unfinishedFile marks the folder of a collection that a rebuild is filling. It is
// removed when the collection has become the current one. Only a folder with this
// mark that is not the current one counts as remains of a rebuild.
const unfinishedFile = "unfinished"

// removedSuffix ends the name of a collection that a completed rebuild has replaced
// and is deleting.
const removedSuffix = ".removed"

func isUnfinished(dir, name string) bool {
	_, err := os.Lstat(filepath.Join(dir, name, unfinishedFile))
	return err == nil
}

// begin creates the folder of a new collection, marked as unfinished.
func begin(dir, name string) error {
	folder := filepath.Join(dir, name)
	if err := os.Mkdir(folder, 0o700); err != nil {
		return folderError("create folder", folder, err)
	}
	f, err := os.OpenFile(filepath.Join(folder, unfinishedFile), os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return folderError("create file", filepath.Join(folder, unfinishedFile), err)
	}
	if err := errors.Join(f.Sync(), f.Close(), syncDir(folder), syncDir(dir)); err != nil {
		return folderError("create folder", folder, err)
	}
	return nil
}

// finishMark removes the mark of an unfinished collection, if there is one.
func finishMark(dir, name string) error {
	path := filepath.Join(dir, name, unfinishedFile)
	if err := os.Remove(path); err != nil {
		if errors.Is(err, os.ErrNotExist) {
			return nil
		}
		return folderError("remove file", path, err)
	}
	return syncDir(filepath.Join(dir, name))
}

// removeLeftovers deletes the remains of unfinished rebuilds, but never the current
// collection, and returns their names.
func removeLeftovers(dir, current string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, folderError("read folder", dir, err)
	}
	var names []string
	for _, e := range entries {
		replaced, isReplaced := strings.CutSuffix(e.Name(), removedSuffix)
		switch {
		case !e.IsDir() || e.Name() == current:
			continue
		case isReplaced && collectionName.MatchString(replaced):
		case collectionName.MatchString(e.Name()) && isUnfinished(dir, e.Name()):
		default:
			continue
		}
		if err := os.RemoveAll(filepath.Join(dir, e.Name())); err != nil {
			return names, folderError("remove folder", filepath.Join(dir, e.Name()), err)
		}
		names = append(names, e.Name())
	}
	return names, nil
}

// Rebuild opens an empty collection beside the current one of the data folder, for
// any pipeline. Nothing changes until [Store.Activate]. Without it, the next [Open]
// opens the old collection, and the next Rebuild deletes this one. Its errors are
// those of Open, except for the mismatch.
func Rebuild(ctx context.Context, options Options) (*Store, error) {
	if options.ReadOnly {
		return nil, corpus.Invalid("read_only", "cannot be set for a rebuild")
	}
	held, err := prepareFolder(options)
	if err != nil {
		return nil, err
	}
	name, err := currentName(options.Dir)
	if err == nil && name != "" {
		path := filepath.Join(options.Dir, name, databaseName)
		_, err = checkDatabase(ctx, path)
		err = asError("open", path, err)
	}
	if err == nil {
		_, err = removeLeftovers(options.Dir, name)
	}
	fresh := ""
	if err == nil {
		fresh, err = freeName(options.Dir, options.Pipeline)
	}
	if err == nil {
		err = begin(options.Dir, fresh)
	}
	if err != nil {
		return nil, errors.Join(err, held.release())
	}
	return open(ctx, options, fresh, held)
}

// Before opens the collection that this one, opened by [Rebuild], will replace, for
// reading. It returns corpus.ErrNotReady if there is none. Close it before this
// one.
func (s *Store) Before(ctx context.Context) (*Store, error) { return s.before(ctx, false) }

// BeforeSalvaged opens like Before, but only what can be read (see Options.Salvage).
func (s *Store) BeforeSalvaged(ctx context.Context) (*Store, error) { return s.before(ctx, true) }

func (s *Store) before(ctx context.Context, salvage bool) (*Store, error) {
	settings, err := peek(ctx, s.options.Dir, false)
	pipeline := settings.Pipeline
	if salvage {
		pipeline, err = damagedPipeline(ctx, s.options.Dir, false)
	}
	if err != nil {
		return nil, err
	}
	name, err := currentName(s.options.Dir)
	if err != nil {
		return nil, err
	}
	options := s.options
	options.Pipeline, options.ReadOnly, options.Salvage = pipeline, true, salvage
	return open(ctx, options, name, nil)
}

// Activate makes a collection that [Rebuild] opened the current one, and then
// deletes the one that it replaces. It does nothing if this is the current
// collection.
func (s *Store) Activate(context.Context) error {
	before, err := s.makeCurrent()
	if err != nil || before == "" {
		return err
	}
	// It is renamed first, so that an interrupted deletion leaves nothing that
	// looks like a collection.
	removed, err := s.rename(before, removedSuffix)
	if err != nil {
		return err
	}
	if err := os.RemoveAll(removed); err != nil {
		return folderError("remove folder", removed, err)
	}
	return nil
}

// ActivateKeeping activates like Activate, but renames the replaced collection
// instead of deleting it. It returns the folder of that collection, or "" if there
// was none. It is used if documents are missing in the new collection.
func (s *Store) ActivateKeeping(context.Context) (kept string, err error) {
	before, err := s.makeCurrent()
	if err != nil || before == "" {
		return "", err
	}
	return s.rename(before, asideSuffix())
}

// makeCurrent makes this collection the current one. It returns the name of the
// previous one, or "" if that was this one or there was none.
func (s *Store) makeCurrent() (before string, err error) {
	dir := s.options.Dir
	before, err = currentName(dir)
	if err != nil || before == s.name {
		return "", err
	}
	if err := syncDir(s.folder); err != nil {
		return "", err
	}
	if err := makeCurrent(dir, s.name); err != nil {
		return "", folderError("activate the new collection: write file", filepath.Join(dir, currentFile), err)
	}
	// Only now, because a finished collection without the file "current" is refused. If the process ends here, the next
	// Open removes the mark.
	return before, finishMark(dir, s.name)
}

// rename gives a collection's folder a name that no collection has.
func (s *Store) rename(name, suffix string) (string, error) {
	from := filepath.Join(s.options.Dir, name)
	if err := os.Rename(from, from+suffix); err != nil {
		return "", folderError("rename the replaced collection", from, err)
	}
	return from + suffix, syncDir(s.options.Dir)
}

// asideSuffix ends the name of a collection that was set aside.
func asideSuffix() string { return ".aside-" + time.Now().UTC().Format("20060102T150405") }

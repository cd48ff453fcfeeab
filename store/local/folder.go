package local

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"dalil/corpus"
)

const currentFile = "current"

// collectionName matches the fingerprint of a pipeline, with a number if there was
// already one of that name.
var collectionName = regexp.MustCompile(`^[0-9a-f]{16}(-[0-9]{1,9})?$`)

func makeFolder(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return folderError("create folder", dir, err)
	}
	return nil
}

// repairAdvice says what to do with a data folder that cannot be opened.
const repairAdvice = "nothing was changed; run \"dalil doctor --repair\" to see which collections the folder holds and to choose one, or restore a backup"

// currentName returns the name in the file "current", or "" if the folder has
// neither that file nor a finished collection. If there are collections but no
// valid name, it returns an error, because a new, empty collection would hide the
// existing ones.
func currentName(dir string) (string, error) {
	path := filepath.Join(dir, currentFile)
	raw, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		held, err := finishedCollections(dir)
		if err != nil || len(held) == 0 {
			return "", err
		}
		return "", &corpus.Error{Kind: corpus.ErrMissing, Op: "open data folder", Thing: dir, Cause: fmt.Errorf(
			"the file %s is missing, but the folder contains %s; %s", path, strings.Join(held, ", "), repairAdvice)}
	}
	if err != nil {
		return "", folderError("read file", path, err)
	}
	name := strings.TrimSpace(string(raw))
	if !collectionName.MatchString(name) {
		return "", &corpus.Error{Kind: corpus.ErrCorrupt, Op: "open data folder", Thing: dir, Cause: fmt.Errorf(
			"the file %s does not contain the name of a collection; %s", path, repairAdvice)}
	}
	return name, checkCollection(dir, name)
}

// checkCollection returns an error if the collection's folder or database is
// missing or empty, because SQLite would create a new, empty database in its place.
func checkCollection(dir, name string) error {
	path := filepath.Join(dir, name, databaseName)
	refuse := func(kind corpus.Kind, format string, args ...any) error {
		return &corpus.Error{Kind: kind, Op: "open collection", Thing: name, Cause: fmt.Errorf(format+"; %s", append(args, repairAdvice)...)}
	}
	if _, err := os.Stat(filepath.Join(dir, name)); errors.Is(err, fs.ErrNotExist) {
		return refuse(corpus.ErrMissing, "the file %s names it, but %s does not contain it", filepath.Join(dir, currentFile), dir)
	}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return refuse(corpus.ErrMissing, "its database %s is missing", path)
	case err != nil:
		return folderError("read file", path, err)
	case !info.Mode().IsRegular():
		return refuse(corpus.ErrCorrupt, "its database %s is not a file", path)
	case info.Size() == 0:
		return refuse(corpus.ErrCorrupt, "its database %s is empty", path)
	}
	return nil
}

// collections returns the names of the folders that may contain a collection.
func collections(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, folderError("read folder", dir, err)
	}
	var names []string
	for _, e := range entries {
		if !e.IsDir() || !collectionName.MatchString(e.Name()) {
			continue
		}
		held, err := os.ReadDir(filepath.Join(dir, e.Name()))
		if err != nil {
			return nil, folderError("read folder", filepath.Join(dir, e.Name()), err)
		}
		if len(held) > 0 {
			names = append(names, e.Name())
		}
	}
	return names, nil
}

// finishedCollections leaves out the collections of unfinished rebuilds.
func finishedCollections(dir string) ([]string, error) {
	names, err := collections(dir)
	return slices.DeleteFunc(names, func(name string) bool { return isUnfinished(dir, name) }), err
}

// freeName returns a name that no folder has.
func freeName(dir string, p corpus.Pipeline) (string, error) {
	name := p.Fingerprint()
	for n := 2; ; n++ {
		_, err := os.Lstat(filepath.Join(dir, name))
		if errors.Is(err, fs.ErrNotExist) {
			return name, nil
		}
		if err != nil {
			return "", folderError("read folder", dir, err)
		}
		name = fmt.Sprintf("%s-%d", p.Fingerprint(), n)
	}
}

// makeCurrent replaces the file "current" atomically and durably.
func makeCurrent(dir, name string) error {
	return replaceFile(filepath.Join(dir, currentFile), []byte(name+"\n"))
}

// replaceFile writes a file atomically and durably.
func replaceFile(path string, content []byte) error {
	// An existing file of this name was left by a crash. It is removed, not
	// truncated, because it may be a link to another file.
	if err := os.Remove(path + ".new"); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	f, err := os.OpenFile(path+".new", os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(path+".new", path); err != nil {
		return err
	}
	return syncDir(filepath.Dir(path))
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

package indexer

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"dalil/corpus"
	"dalil/parser"
)

// IgnoreFile names a file of globs, one a line, that Walk leaves out of the
// folder it stands in; lines that begin with # are remarks.
const IgnoreFile = ".dalilignore"

// MaxFileBytes bounds one file, and one record of a JSON Lines file.
const MaxFileBytes = 16 << 20

// WalkOptions tune Walk; the zero value works.
type WalkOptions struct {
	Exclude []string  // globs matched against base names and slash paths below a PATH
	Stdin   io.Reader // read as JSON Lines where a PATH is "-"
}

// Walk yields the documents below the paths: folders (recursively, in lexical
// order), files, globs, and "-" for JSON Lines on standard input. A document's
// id is its slash path relative to the PATH given, without extension, so that
// it is the same wherever a folder lies; its source is the path as given.
//
// What can't be read is yielded with an error and the walk goes on. Hidden
// files are left out; symbolic links are followed only to files within the
// tree; pipes, sockets and devices are never opened.
func Walk(ctx context.Context, paths []string, options WalkOptions) iter.Seq2[corpus.Raw, error] {
	return func(yield func(corpus.Raw, error) bool) {
		w := &walker{ctx: ctx, options: options, yield: yield}
		for _, p := range paths {
			if !w.path(p) {
				return
			}
		}
	}
}

// Check refuses a PATH that names nothing, so that a mistyped one is an error
// before anything is written.
func Check(paths []string) error {
	for _, p := range paths {
		if p == "-" {
			continue
		}
		if _, err := os.Lstat(p); err == nil {
			continue
		} else if !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		matches, err := filepath.Glob(p)
		if err != nil {
			return fmt.Errorf("%s: %w", p, err)
		}
		if len(matches) == 0 {
			return fmt.Errorf("%s: there is no such file or folder", p)
		}
	}
	return nil
}

type walker struct {
	ctx     context.Context
	options WalkOptions
	yield   func(corpus.Raw, error) bool
}

func (w *walker) fail(source string, err error) bool {
	return w.yield(corpus.Raw{Document: corpus.Document{Source: filepath.ToSlash(source)}}, err)
}

func (w *walker) path(p string) bool {
	if p == "-" {
		if w.options.Stdin == nil {
			return w.fail(p, errors.New("there is no standard input"))
		}
		return w.jsonLines(interruptible(w.ctx, w.options.Stdin), "-")
	}
	info, err := os.Stat(p)
	switch {
	case err == nil && info.IsDir():
		return w.folder(p)
	case err == nil:
		return w.file(p, filepath.Base(p))
	}
	matches, globErr := filepath.Glob(p)
	if globErr != nil || len(matches) == 0 {
		return w.fail(p, err)
	}
	root := globRoot(p)
	for _, m := range matches {
		info, err := os.Stat(m)
		if err != nil {
			if !w.fail(m, err) {
				return false
			}
			continue
		}
		relative, err := filepath.Rel(root, m)
		if err != nil {
			relative = filepath.Base(m)
		}
		if info.IsDir() && !w.folder(m) || !info.IsDir() && !w.file(m, relative) {
			return false
		}
	}
	return true
}

// globRoot is the folder of a glob that holds no wildcard.
func globRoot(pattern string) string {
	root := pattern
	for strings.ContainsAny(root, `*?[`) {
		root = filepath.Dir(root)
	}
	return root
}

func (w *walker) folder(root string) bool {
	real, err := filepath.EvalSymlinks(root)
	if err != nil {
		return w.fail(root, err)
	}
	ignored := map[string][]string{}
	going := true
	err = filepath.WalkDir(root, func(p string, entry fs.DirEntry, err error) error {
		if w.ctx.Err() != nil {
			return filepath.SkipAll
		}
		if err != nil {
			going = w.fail(p, err)
			return next(going)
		}
		relative, err := filepath.Rel(root, p)
		if err != nil {
			return err
		}
		if p != root && (strings.HasPrefix(entry.Name(), ".") || w.excluded(filepath.ToSlash(relative), ignored[filepath.Dir(p)])) {
			if entry.IsDir() {
				return filepath.SkipDir
			}
			return nil
		}
		if entry.IsDir() {
			ignored[p], err = readIgnore(p, ignored[filepath.Dir(p)])
			if err != nil {
				going = w.fail(filepath.Join(p, IgnoreFile), err)
			}
			return next(going)
		}
		if entry.Type()&fs.ModeSymlink != 0 {
			target, err := filepath.EvalSymlinks(p)
			if err != nil {
				going = w.fail(p, err)
				return next(going)
			}
			if target != real && !strings.HasPrefix(target, real+string(filepath.Separator)) {
				going = w.fail(p, errors.New("is a symbolic link that leaves the folder"))
				return next(going)
			}
			if info, err := os.Stat(target); err == nil && info.IsDir() {
				return nil // its files are found where they really are
			}
		}
		going = w.file(p, relative)
		return next(going)
	})
	if err != nil {
		return w.fail(root, err)
	}
	return going
}

func next(going bool) error {
	if !going {
		return filepath.SkipAll
	}
	return nil
}

func (w *walker) excluded(relative string, ignored []string) bool {
	return slices.ContainsFunc(slices.Concat(w.options.Exclude, ignored), func(glob string) bool {
		whole, _ := path.Match(glob, relative)
		base, _ := path.Match(glob, path.Base(relative))
		return whole || base
	})
}

func readIgnore(folder string, above []string) ([]string, error) {
	f, err := os.Open(filepath.Join(folder, IgnoreFile))
	if errors.Is(err, fs.ErrNotExist) {
		return above, nil
	}
	if err != nil {
		return above, err
	}
	defer f.Close()
	globs := slices.Clone(above)
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if _, err := path.Match(line, ""); err != nil {
			return globs, fmt.Errorf("%q: %w", line, err)
		}
		globs = append(globs, line)
	}
	return globs, lines.Err()
}

// file yields one file, or the records of a JSON Lines file.
func (w *walker) file(p, relative string) bool {
	if w.ctx.Err() != nil {
		return false
	}
	info, err := os.Stat(p)
	if err != nil {
		return w.fail(p, err)
	}
	if !info.Mode().IsRegular() {
		return w.fail(p, fmt.Errorf("is no regular file (%v)", info.Mode().Type()))
	}
	f, err := os.Open(p)
	if err != nil {
		return w.fail(p, err)
	}
	defer f.Close()
	slash := filepath.ToSlash(filepath.Clean(p))
	if isJSONLines(slash) {
		return w.jsonLines(f, slash)
	}
	if info.Size() > MaxFileBytes {
		return w.fail(p, fmt.Errorf("has %d bytes, the limit is %d", info.Size(), MaxFileBytes))
	}
	body, err := io.ReadAll(io.LimitReader(f, MaxFileBytes+1))
	if err != nil {
		return w.fail(p, err)
	}
	if len(body) > MaxFileBytes {
		return w.fail(p, fmt.Errorf("has more than %d bytes", MaxFileBytes))
	}
	id := filepath.ToSlash(relative)
	id = strings.TrimSuffix(id, path.Ext(id))
	return w.yield(corpus.Raw{
		Document:  corpus.Document{ID: id, Source: slash},
		MediaType: parser.MediaType(slash, body),
		Body:      body,
	}, nil)
}

func isJSONLines(name string) bool {
	extension := strings.ToLower(path.Ext(name))
	return extension == ".jsonl" || extension == ".ndjson"
}

func (w *walker) jsonLines(r io.Reader, source string) bool {
	for raw, err := range parser.JSONLines(r, source) {
		if w.ctx.Err() != nil || !w.yield(raw, err) {
			return false
		}
	}
	return true
}

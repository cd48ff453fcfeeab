package indexer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"dalil/corpus"
	"dalil/parser"
)

// WalkOptions has the settings of Walk. The zero value works.
type WalkOptions struct {
	// Exclude are patterns of files to leave out, as in an [IgnoreFile] of each
	// PATH. They take precedence over those files.
	Exclude []string
	Stdin   io.Reader // read as JSON Lines for the PATH "-"
	Prefix  string    // put before every id
	// Replace allows the documents to replace documents from another root.
	Replace bool
	// If is what must hold for the write of each document.
	If corpus.Condition
}

// Walk yields the documents below the paths: folders (recursively, in lexical
// order), files, globs, and "-" for JSON Lines on standard input. A document's
// id is its slash path relative to PATH, without a known extension, so that it is
// the same wherever the folder is. A record or a .json file may contain its own
// id. A record of standard input without an id gets one from its content. The
// source is the path as given, and the root is what [Root] returns.
//
// A file that cannot be read is yielded with an error, and the walk goes on.
// Hidden files are left out, and so are symbolic links to files that the walk
// finds anyway. A link that leaves the tree is an error. Pipes, sockets and
// devices are never opened. A file that several PATHs name is yielded once for
// each id, and a file that a glob matches several times is yielded once.
func Walk(ctx context.Context, paths []string, options WalkOptions) iter.Seq2[corpus.Raw, error] {
	return func(yield func(corpus.Raw, error) bool) {
		exclude, err := parseExclude(options.Exclude)
		if err != nil {
			yield(corpus.Raw{}, err)
			return
		}
		w := &walker{ctx: ctx, options: options, yield: yield, exclude: exclude, records: parser.New(parser.Options{}), seen: map[string]bool{}}
		for _, p := range paths {
			if !w.path(p) {
				return
			}
		}
	}
}

// Check returns an error if a PATH does not exist, so that a mistyped PATH is found
// before anything is written.
func Check(paths, exclude []string) error {
	if _, err := parseExclude(exclude); err != nil {
		return fmt.Errorf("--exclude: %w", err)
	}
	for _, p := range paths {
		if p == "-" {
			continue
		}
		if _, err := os.Lstat(p); err == nil {
			continue
		} else if !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		matches, err := glob(p)
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
	exclude *rules
	records *parser.Parser
	root    string          // root of the PATH that is being walked
	seen    map[string]bool // files that have been found
	glob    string          // the glob that is being walked, or ""
}

// again reports whether a file was found before: by the same glob, which may
// match a folder and the files in it, or under the same id.
func (w *walker) again(p, relative string) bool {
	key, err := filepath.EvalSymlinks(p)
	if err != nil {
		return false
	}
	if key, err = filepath.Abs(key); err != nil {
		return false
	}
	in, under := key+"\x00glob\x00"+w.glob, key+"\x00id\x00"+fileID(filepath.ToSlash(relative))
	found := w.seen[under] || w.glob != "" && w.seen[in]
	w.seen[in], w.seen[under] = true, true
	return found
}

func (w *walker) fail(source string, err error) bool {
	return w.yield(corpus.Raw{Document: corpus.Document{Source: filepath.ToSlash(source)}}, err)
}

func (w *walker) path(p string) bool {
	var err error
	if w.root, err = Root(p); err != nil {
		return w.fail(p, err)
	}
	if p == StandardInput {
		if w.options.Stdin == nil {
			return w.fail(p, errors.New("there is no standard input"))
		}
		return w.jsonLines(interruptible(w.ctx, w.options.Stdin), StandardInput, StandardInput)
	}
	info, err := os.Stat(p)
	switch {
	case err == nil && info.IsDir():
		return w.folder(p)
	case err == nil:
		return w.file(p, filepath.Base(p))
	}
	matches, globErr := glob(p)
	if globErr != nil || len(matches) == 0 {
		return w.fail(p, err)
	}
	root := globRoot(p)
	w.glob = p
	defer func() { w.glob = "" }()
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
		if w.exclude.excluded(filepath.ToSlash(relative), info.IsDir()) {
			continue
		}
		if info.IsDir() && !w.folder(m) || !info.IsDir() && !w.file(m, relative) {
			return false
		}
	}
	return true
}

// glob yields the files that match a pattern; ** matches any number of folders.
func glob(pattern string) ([]string, error) {
	return doublestar.FilepathGlob(pattern)
}

// globRoot returns the folders of a glob before the first wildcard.
func globRoot(pattern string) string {
	root := pattern
	for strings.ContainsAny(root, `*?[{`) {
		root = filepath.Dir(root)
	}
	return root
}

func (w *walker) folder(root string) bool {
	real, err := filepath.EvalSymlinks(root)
	if err != nil {
		return w.fail(root, err)
	}
	if info, err := os.Lstat(root); err == nil && info.Mode()&fs.ModeSymlink != 0 {
		root += string(filepath.Separator) // so that the folder's files are found too
	}
	t := &tree{walker: w, real: real, ignored: map[string]*rules{}}
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
		if p != root && t.leftOut(relative, entry.IsDir()) {
			if entry.IsDir() {
				return filepath.SkipDir
			}
			return nil
		}
		if entry.IsDir() {
			if t.ignored[relative], err = readIgnore(p, relative, t.ignored[filepath.Dir(relative)]); err != nil {
				if going = w.fail(filepath.Join(p, IgnoreFile), err); going {
					return filepath.SkipDir // it may contain files that must not be indexed
				}
			}
			return next(going)
		}
		if entry.Type()&fs.ModeSymlink != 0 {
			twin, err := t.link(p)
			switch {
			case err != nil:
				going = w.fail(p, err)
				return next(going)
			case twin:
				return nil
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

// tree is one folder that is being walked.
type tree struct {
	*walker
	real    string            // the folder without symbolic links
	ignored map[string]*rules // by the folder's path below it
}

// leftOut reports whether a path below the folder is hidden or excluded.
func (t *tree) leftOut(relative string, folder bool) bool {
	slash := filepath.ToSlash(relative)
	return strings.HasPrefix(path.Base(slash), ".") || t.exclude.excluded(slash, folder) ||
		t.ignored[filepath.Dir(relative)].excluded(slash, folder)
}

// link reports whether a symbolic link leads to a file that the walk finds at its
// real place. A link that leads out of the folder is an error.
func (t *tree) link(p string) (twin bool, err error) {
	target, err := filepath.EvalSymlinks(p)
	if err != nil {
		return false, err
	}
	if target != t.real && !strings.HasPrefix(target, t.real+string(filepath.Separator)) {
		return false, errors.New("is a symbolic link that leaves the folder")
	}
	info, err := os.Stat(target)
	if err != nil {
		return false, err
	}
	if info.IsDir() {
		return true, nil
	}
	relative, err := filepath.Rel(t.real, target)
	if err != nil {
		return false, err
	}
	for part := range strings.SplitSeq(filepath.ToSlash(relative), "/") {
		if strings.HasPrefix(part, ".") {
			return false, nil // the walk does not find the target
		}
	}
	return true, nil
}

func next(going bool) error {
	if !going {
		return filepath.SkipAll
	}
	return nil
}

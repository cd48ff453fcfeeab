package local_test

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dalil/corpus"
	"dalil/store"
	"dalil/store/local"
)

// folderState is every file of a folder but the lock, with a hash of its content.
func folderState(t testing.TB, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.Name() == "lock" {
			return err
		}
		name, _ := filepath.Rel(dir, path)
		if entry.IsDir() {
			files[name] = "folder"
			return nil
		}
		content, err := os.ReadFile(path)
		sum := sha256.Sum256(content)
		files[name] = string(sum[:])
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func otherPipeline() corpus.Pipeline {
	p := smallPipeline()
	p.ModelRevision = "2"
	return p
}

// spoiledFolders are data folders with documents that must not be opened as they
// are: what is wrong, how to make it so, and the kind and the file of the error.
var spoiledFolders = map[string]struct {
	spoil func(t *testing.T, dir, collection string)
	kind  corpus.Kind
	file  string // below the data folder; COLLECTION is the collection's name
}{
	"current is missing": {
		func(t *testing.T, dir, _ string) { remove(t, filepath.Join(dir, "current")) }, corpus.ErrMissing, "current",
	},
	"current is empty": {
		func(t *testing.T, dir, _ string) { overwrite(t, filepath.Join(dir, "current"), "") }, corpus.ErrCorrupt, "current",
	},
	"current holds something else": {
		func(t *testing.T, dir, _ string) { overwrite(t, filepath.Join(dir, "current"), "../../etc\n") }, corpus.ErrCorrupt, "current",
	},
	"current names a collection that is not there": {
		func(t *testing.T, dir, _ string) {
			overwrite(t, filepath.Join(dir, "current"), otherPipeline().Fingerprint()+"\n")
		}, corpus.ErrMissing, "current",
	},
	"the collection's folder is gone": {
		func(t *testing.T, dir, collection string) {
			if err := os.RemoveAll(filepath.Join(dir, collection)); err != nil {
				t.Fatal(err)
			}
		}, corpus.ErrMissing, "current",
	},
	"the database is gone": {
		func(t *testing.T, dir, collection string) { remove(t, filepath.Join(dir, collection, "dalil.db")) },
		corpus.ErrMissing, "COLLECTION/dalil.db",
	},
	"the database is empty": {
		func(t *testing.T, dir, collection string) {
			overwrite(t, filepath.Join(dir, collection, "dalil.db"), "")
		},
		corpus.ErrCorrupt, "COLLECTION/dalil.db",
	},
	"the database is of another program": {
		func(t *testing.T, dir, collection string) {
			foreign, err := os.ReadFile("testdata/foreign.db")
			if err != nil {
				t.Fatal(err)
			}
			overwrite(t, filepath.Join(dir, collection, "dalil.db"), string(foreign))
		},
		corpus.ErrCorrupt, "COLLECTION/dalil.db",
	},
	"the database is a folder": {
		func(t *testing.T, dir, collection string) {
			remove(t, filepath.Join(dir, collection, "dalil.db"))
			if err := os.Mkdir(filepath.Join(dir, collection, "dalil.db"), 0o700); err != nil {
				t.Fatal(err)
			}
		}, corpus.ErrCorrupt, "COLLECTION/dalil.db",
	},
}

func remove(t testing.TB, path string) {
	t.Helper()
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
}

func overwrite(t testing.TB, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

// A data folder with documents and something wrong is refused in every way of
// opening, the error names the file and the way out, and nothing changes.
func TestSpoiledFoldersAreRefusedAndLeftAsTheyAre(t *testing.T) {
	original := t.TempDir()
	grown(t, original, 20)
	collection := filepath.Base(collectionDir(t, original))
	opened := func(open func() (*local.Store, error)) error {
		s, err := open()
		if err == nil {
			s.Close()
		}
		return err
	}
	for name, test := range spoiledFolders {
		t.Run(name, func(t *testing.T) {
			dir := copyFolder(t, original)
			test.spoil(t, dir, collection)
			before := folderState(t, dir)
			options := local.Options{Dir: dir, Pipeline: smallPipeline()}
			reading, rebuilt := options, options
			reading.ReadOnly, rebuilt.Pipeline = true, otherPipeline()
			file := filepath.Join(dir, strings.ReplaceAll(test.file, "COLLECTION", collection))
			for how, err := range map[string]error{
				"open":    opened(func() (*local.Store, error) { return local.Open(t.Context(), options) }),
				"read":    opened(func() (*local.Store, error) { return local.Open(t.Context(), reading) }),
				"rebuild": opened(func() (*local.Store, error) { return local.Rebuild(t.Context(), rebuilt) }),
				"peek": func() error {
					_, err := local.Peek(t.Context(), dir)
					return err
				}(),
			} {
				if corpus.KindOf(err) != test.kind || !strings.Contains(err.Error(), file) || !strings.Contains(err.Error(), "doctor --repair") {
					t.Errorf("%s: got %v (%v), want %v, naming %s and doctor --repair", how, err, corpus.KindOf(err), test.kind, file)
				}
			}
			if diff := cmp.Diff(before, folderState(t, dir)); diff != "" {
				t.Errorf("the folder has changed (-before +after):\n%s", diff)
			}
		})
	}
}

// A finished collection beside the current one is nobody's to remove: neither an
// opening nor a rebuild touches it.
func TestACollectionThatCurrentDoesNotNameStays(t *testing.T) {
	first, second := t.TempDir(), t.TempDir()
	grown(t, first, 10)
	grown(t, second, 12)
	kept := filepath.Join(first, otherPipeline().Fingerprint())
	if err := os.CopyFS(kept, os.DirFS(collectionDir(t, second))); err != nil {
		t.Fatal(err)
	}
	before := folderState(t, kept)
	openSmall(t, first).Close()
	r, err := local.Rebuild(t.Context(), local.Options{Dir: first, Pipeline: otherPipeline()})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if err := r.Activate(t.Context()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, folderState(t, kept)); diff != "" {
		t.Errorf("the other collection has changed (-before +after):\n%s", diff)
	}
}

// A reader answers what a writer does, changes not one byte, makes no folder,
// and refuses writes; several may read at a time, but not beside a writer.
func TestReadOnly(t *testing.T) {
	dir := t.TempDir()
	grown(t, dir, 40)
	s := openSmall(t, dir)
	want := answers(t, s)
	s.Close()
	clean := copyFolder(t, dir)
	reading := func(dir string) local.Options {
		return local.Options{Dir: dir, Pipeline: smallPipeline(), ReadOnly: true}
	}
	child, out := play(t, "holder", dir) // dies with a log
	if _, err := out.ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	if _, err := local.Open(t.Context(), reading(dir)); !errors.Is(err, corpus.ErrLocked) {
		t.Errorf("beside a writer: got %v, want ErrLocked", err)
	}
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = child.Wait()
	spoiled := copyFolder(t, clean)
	removeAll(t, segmentFiles(t, spoiled)[:1])
	for name, dir := range map[string]string{"closed": clean, "killed": dir, "without a file": spoiled} {
		before := folderState(t, dir)
		r, err := local.Open(t.Context(), reading(dir))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if diff := cmp.Diff(want, answers(t, r)); diff != "" {
			t.Errorf("%s: answers differ (-want +got):\n%s", name, diff)
		}
		second, err := local.Open(t.Context(), reading(dir))
		if err != nil {
			t.Fatalf("%s: a second reader: %v", name, err)
		}
		if _, err := local.Open(t.Context(), local.Options{Dir: dir, Pipeline: smallPipeline()}); !errors.Is(err, corpus.ErrLocked) {
			t.Errorf("%s: a writer beside readers: got %v, want ErrLocked", name, err)
		}
		for what, err := range map[string]error{
			"put": r.Put(t.Context(), []store.Entry{smallEntry("x", "1", 1)}), "delete": r.Delete(t.Context(), []string{"d001"}), "create": createSmall(t.Context(), r),
		} {
			if !errors.Is(err, corpus.ErrRefusedState) {
				t.Errorf("%s: %s: got %v, want ErrRefusedState", name, what, err)
			}
		}
		if err := errors.Join(r.Close(), second.Close()); err != nil {
			t.Errorf("%s: close: %v", name, err)
		}
		after := folderState(t, dir)
		if name == "killed" { // the index of the log is made by whoever reads it
			for _, m := range []map[string]string{before, after} {
				delete(m, filepath.Join(filepath.Base(collectionDir(t, dir)), "dalil.db-shm"))
			}
		}
		if diff := cmp.Diff(before, after); diff != "" {
			t.Errorf("%s: the folder has changed (-before +after):\n%s", name, diff)
		}
	}
	missing, empty := filepath.Join(t.TempDir(), "no"), t.TempDir()
	for _, dir := range []string{missing, empty} {
		if _, err := local.Open(t.Context(), reading(dir)); !errors.Is(err, corpus.ErrNotReady) || !strings.Contains(err.Error(), dir) {
			t.Errorf("nothing indexed: got %v, want ErrNotReady that names %s", err, dir)
		}
	}
	if _, err := os.Stat(missing); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("reading made the folder: %v", err)
	}
	if state := folderState(t, empty); len(state) != 1 {
		t.Errorf("reading made files: %v", state)
	}
}

// Removing the lock file does not let a second process in.
func TestTheLockOutlivesItsFile(t *testing.T) {
	dir := t.TempDir()
	child, out := play(t, "holder", dir)
	if _, err := out.ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	remove(t, filepath.Join(dir, "lock"))
	for range 2 { // the second finds the file that the first has made
		if s, err := local.Open(t.Context(), local.Options{Dir: dir, Pipeline: smallPipeline()}); !errors.Is(err, corpus.ErrLocked) {
			if err == nil {
				s.Close()
			}
			t.Fatalf("got %v, want ErrLocked", err)
		}
	}
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = child.Wait()
	openSmall(t, dir)
	if content, err := os.ReadFile(filepath.Join(dir, "lock")); err != nil || len(bytes.TrimSpace(content)) == 0 {
		t.Errorf("the lock names no holder: %q, %v", content, err)
	}
}

// Nothing is written through a link that lies in the place of a file of the
// store: it could lead to any file of the user.
func TestNothingIsWrittenThroughALink(t *testing.T) {
	dir, victim := t.TempDir(), filepath.Join(t.TempDir(), "victim")
	grown(t, dir, 5)
	overwrite(t, victim, "mine")
	link := func(path string) {
		t.Helper()
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Fatal(err)
		}
		if err := os.Symlink(victim, path); err != nil {
			t.Skip(err)
		}
	}
	for _, name := range []string{"current.new", filepath.Join(filepath.Base(collectionDir(t, dir)), "acknowledged.json.new")} {
		link(filepath.Join(dir, name))
	}
	r, err := local.Rebuild(t.Context(), local.Options{Dir: dir, Pipeline: otherPipeline()})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(r.Activate(t.Context()), r.Close()); err != nil {
		t.Fatal(err)
	}
	link(filepath.Join(dir, "lock"))
	_, err = local.Open(t.Context(), local.Options{Dir: dir, Pipeline: otherPipeline()})
	if corpus.KindOf(err) != corpus.ErrDenied || !strings.Contains(err.Error(), filepath.Join(dir, "lock")) {
		t.Errorf("opening behind a linked lock: got %v, want a refusal that names it", err)
	}
	if got, err := os.ReadFile(victim); string(got) != "mine" || err != nil {
		t.Errorf("the file behind the links holds %q (%v), want what it held", got, err)
	}
}

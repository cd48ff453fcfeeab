package files_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"dalil/access/files"
	"dalil/corpus"
)

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

// rewrite writes a file in one tick of the file system's clock after the last write.
func rewrite(t *testing.T, path, content string) {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	write(t, path, content)
	if err := os.Chtimes(path, time.Time{}, info.ModTime()); err != nil {
		t.Fatal(err)
	}
}

// link moves a symbolic link in one step.
func link(t *testing.T, to, from string) {
	t.Helper()
	if err := errors.Join(os.Symlink(to, from+".new"), os.Rename(from+".new", from)); err != nil {
		t.Fatal(err)
	}
}

// Every way to change a file is noticed; broken content keeps the earlier one.
func TestAFileIsReadAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		// As Kubernetes mounts a Secret: keys -> ..data/keys, ..data -> v1.
		dir := t.TempDir()
		for _, version := range []string{"v1", "v2"} {
			if err := os.Mkdir(filepath.Join(dir, version), 0o700); err != nil {
				t.Fatal(err)
			}
			write(t, filepath.Join(dir, version, "keys"), version)
		}
		path := filepath.Join(dir, "keys")
		link(t, "v1", filepath.Join(dir, "..data"))
		link(t, "..data/keys", path)
		var mu sync.Mutex // of the two
		used, reports := "", []string(nil)
		w, err := files.Watch(path, func(raw []byte) error {
			if strings.HasPrefix(string(raw), "broken") {
				return fmt.Errorf("%s", raw)
			}
			mu.Lock()
			defer mu.Unlock()
			used = string(raw)
			return nil
		}, files.Options{MaxBytes: 64, Changed: func(err error) {
			mu.Lock()
			defer mu.Unlock()
			reports = append(reports, fmt.Sprint(err))
		}})
		if err != nil {
			t.Fatal(err)
		}
		defer w.Close()
		for _, step := range []struct {
			name   string
			change func()
			used   string
			report string // "": none
			err    string // of the state
		}{
			{"nothing", func() {}, "v1", "", ""},
			{"the link moves", func() { link(t, "v2", filepath.Join(dir, "..data")) }, "v2", "<nil>", ""},
			{"in place", func() { write(t, path, "v3") }, "v3", "<nil>", ""},
			{"in place, same size", func() { write(t, path, "v4") }, "v4", "<nil>", ""},
			{"in place, same size and time", func() { rewrite(t, path, "v0") }, "v0", "<nil>", ""},
			{"in place, back", func() { write(t, path, "v4") }, "v4", "<nil>", ""},
			{"broken", func() { write(t, path, "broken") }, "v4", "broken", "broken"},
			{"still broken", func() {}, "v4", "", "broken"},
			{"broken otherwise", func() { write(t, path, "broken 2") }, "v4", "broken 2", "broken 2"},
			{"too large", func() { write(t, path, strings.Repeat("x", 65)) }, "v4", "read FILE: has more than 64 bytes", "read FILE: has more than 64 bytes"},
			{"still too large", func() {}, "v4", "", "read FILE: has more than 64 bytes"},
			{"well again", func() { write(t, path, "v5") }, "v5", "<nil>", ""},
			{"a rename", func() {
				write(t, filepath.Join(dir, "next"), "v6")
				if err := os.Rename(filepath.Join(dir, "next"), path); err != nil {
					t.Fatal(err)
				}
			}, "v6", "<nil>", ""},
			{"removed", func() { os.Remove(path) }, "v6", "read FILE: no such file or directory", "read FILE: no such file or directory"},
			{"written again, the same", func() { write(t, path, "v6") }, "v6", "<nil>", ""},
			{"a folder", func() { os.Remove(path); os.Mkdir(path, 0o700) }, "v6", "read FILE: is a folder, not a file", "read FILE: is a folder, not a file"},
		} {
			step.change()
			time.Sleep(5 * time.Second)
			synctest.Wait()
			mu.Lock()
			var want []string
			if step.report != "" {
				want = []string{step.report}
			}
			for i := range reports {
				reports[i] = strings.ReplaceAll(reports[i], path, "FILE")
			}
			state := ""
			if err := w.State().Err; err != nil {
				state = strings.ReplaceAll(err.Error(), path, "FILE")
			}
			if used != step.used || !cmp.Equal(want, reports) || state != step.err {
				t.Errorf("%s: used %q, reports %q, state %q; want %q, %q, %q", step.name, used, reports, state, step.used, want, step.err)
			}
			reports = nil
			mu.Unlock()
		}
	})
}

func TestTheFirstContentMustLoad(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys")
	if _, err := files.Watch(path, func([]byte) error { return nil }, files.Options{}); err == nil || !strings.Contains(err.Error(), "no such file") {
		t.Errorf("no file: %v", err)
	}
	write(t, path, "x")
	if _, err := files.Watch(path, func([]byte) error { return errors.New("broken") }, files.Options{}); err == nil || err.Error() != "broken" {
		t.Errorf("broken: %v", err)
	}
}

// Updates of many writers lose nothing, and the file stays what it was: a link's
// target, with its mode, without the rights of others.
func TestUpdate(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "keys")
	add := func(raw []byte) ([]byte, error) { return append(raw, 'x'), nil }
	if err := files.Update(path, 100, false, add); !errors.Is(err, corpus.ErrInvalid) {
		t.Errorf("a missing file: %v", err)
	}
	if err := files.Update(path, 100, true, add); err != nil {
		t.Fatal(err)
	}
	mode := func() string {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		return info.Mode().String()
	}
	if got := mode(); got != "-rw-------" {
		t.Errorf("a new file has mode %s", got)
	}
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	through := filepath.Join(dir, "link")
	link(t, "keys", through)
	var writers sync.WaitGroup
	for range 20 {
		writers.Go(func() {
			if err := files.Update(through, 100, false, add); err != nil {
				t.Error(err)
			}
		})
	}
	writers.Wait()
	if raw, err := os.ReadFile(path); err != nil || len(raw) != 21 {
		t.Errorf("%d bytes after 21 updates, %v", len(raw), err)
	}
	if got := mode(); got != "-rw-r-----" {
		t.Errorf("the file has mode %s", got)
	}
	if err := files.Update(path, 100, false, func([]byte) ([]byte, error) { return nil, errors.New("no") }); err == nil || err.Error() != "no" {
		t.Errorf("error %v", err)
	}
	if err := files.Update(path, 5, false, add); err == nil || !strings.Contains(err.Error(), "more than 5 bytes") {
		t.Errorf("too large: %v", err)
	}
	if err := files.Update(filepath.Join(dir, "none", "keys"), 5, true, add); err == nil || !strings.Contains(err.Error(), "its folder does not exist") {
		t.Errorf("a missing folder: %v", err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 3 { // the file, its lock and the link
		t.Errorf("%v, %v", entries, err)
	}
}

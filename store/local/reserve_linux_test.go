package local_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"dalil/corpus"
	"dalil/store"
)

// smallDisk mounts a file system of so many MiB, or skips the test.
func smallDisk(t *testing.T, mebibytes int) string {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprintf("size=%dm", mebibytes)); err != nil {
		t.Skipf("no small file system: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// fill writes a file until no block of the disk is free.
func fill(t *testing.T, dir string) (remove func()) {
	t.Helper()
	f, err := os.Create(filepath.Join(dir, "filler"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	block := make([]byte, 4096)
	for err == nil {
		_, err = f.Write(block)
	}
	if !errors.Is(err, syscall.ENOSPC) {
		t.Fatal(err)
	}
	return func() {
		if err := os.Remove(f.Name()); err != nil {
			t.Fatal(err)
		}
	}
}

// A load may fill the disk before the writer has paused once, and others take what is left.
func TestDeletionsAfterALoadThatFilledTheDisk(t *testing.T) {
	for _, size := range []int{100, 3000} { // passages of a write
		t.Run(fmt.Sprint(size), func(t *testing.T) {
			disk := smallDisk(t, 32)
			s := openSmall(t, filepath.Join(disk, "index"))
			create(t, s)
			held := 0
			for {
				err := s.Put(t.Context(), []store.Entry{smallEntry(fmt.Sprint("d", held), "1", size)})
				if errors.Is(err, corpus.ErrExhausted) {
					break
				}
				if err != nil {
					t.Fatal(err)
				}
				held++
			}
			fill(t, disk)
			for i := range held {
				if err := s.Delete(t.Context(), []string{fmt.Sprint("d", i)}); err != nil {
					t.Fatalf("delete document %d of %d: %v", i, held, err)
				}
			}
		})
	}
}

// The name of the reserve may be that of something else, which stays as it is. A copy of a
// reserve may take no space.
func TestWhatIsNoReserve(t *testing.T) {
	other := filepath.Join(t.TempDir(), "other")
	if err := os.WriteFile(other, []byte("precious"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		replace func(path string) error
		full    bool // documents can be deleted on a full disk
	}{
		"a folder":               {func(path string) error { return os.Mkdir(path, 0o700) }, false},
		"a symbolic link":        {func(path string) error { return os.Symlink(other, path) }, false},
		"nothing":                {func(string) error { return nil }, true},
		"a copy that is a hole":  {func(path string) error { return os.WriteFile(path, nil, 0o600) }, true},
		"a hole of the old size": {func(path string) error { return errors.Join(os.WriteFile(path, nil, 0o600), os.Truncate(path, 20<<20)) }, true},
	} {
		t.Run(name, func(t *testing.T) {
			disk := smallDisk(t, 64)
			dir := filepath.Join(disk, "index")
			s := openSmall(t, dir)
			create(t, s)
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			found, err := filepath.Glob(filepath.Join(dir, "*", "reserve"))
			if err != nil || len(found) != 1 {
				t.Fatalf("reserves %q, error %v", found, err)
			}
			if err := errors.Join(os.Remove(found[0]), c.replace(found[0])); err != nil {
				t.Fatal(err)
			}
			before, _ := os.Lstat(found[0])
			s = openSmall(t, dir)
			for n := range 100 {
				put(t, s, smallEntry(fmt.Sprint("d", n), "1", 10))
			}
			if c.full {
				fill(t, disk)
			}
			for n := range 100 {
				if err := s.Delete(t.Context(), []string{fmt.Sprint("d", n)}); err != nil {
					t.Fatalf("document %d: %v", n, err)
				}
			}
			if err := s.Close(); err != nil {
				t.Error(err)
			}
			if after, err := os.Lstat(found[0]); !c.full && (err != nil || after.Mode() != before.Mode()) {
				t.Errorf("it is %v, error %v, and was %v", after, err, before)
			}
			if held, err := os.ReadFile(other); err != nil || string(held) != "precious" {
				t.Errorf("the other file has %d bytes, error %v, and had 8", len(held), err)
			}
		})
	}
}

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The commands around an archive: of the data folder and of a running server.
func TestBackupVerifyRestore(t *testing.T) {
	data, to := t.TempDir(), filepath.Join(t.TempDir(), "restored")
	archive := filepath.Join(t.TempDir(), "index.tar")
	dalil(t, data, "", hashed, "index", "../../seeds")
	_, want, _ := dalil(t, data, "", hashed, "export")
	for _, args := range [][]string{{"backup", "create", archive}, {"backup", "verify", archive}} {
		if code, out, errs := dalil(t, data, "", hashed, args...); code != 0 || !strings.HasPrefix(out, "5 documents, ") {
			t.Fatalf("%v: %d\n%s%s", args, code, out, errs)
		}
	}
	if err := os.RemoveAll(data); err != nil {
		t.Fatal(err)
	}
	if code, out, errs := dalil(t, to, "", hashed, "restore", archive); code != 0 || !strings.HasPrefix(out, "5 documents, ") {
		t.Fatalf("restore: %d\n%s%s", code, out, errs)
	}
	if _, got, _ := dalil(t, to, "", hashed, "export"); got != want || got == "" {
		t.Errorf("the restored index exports\n%s\nwant\n%s", got, want)
	}
	if code, _, errs := dalil(t, to, "", hashed, "restore", archive); code != 1 || !strings.Contains(errs, "empty") {
		t.Errorf("restore over an index: %d %s", code, errs)
	}
	if code, out, errs := dalil(t, to, "", hashed, "index", "../../seeds"); code != 0 || !strings.HasPrefix(out, "0 indexed, 5 unchanged") {
		t.Errorf("index after the restore: %d\n%s%s", code, out, errs)
	}

	content, err := os.ReadFile(archive)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(archive, content[:len(content)/2], 0o600); err != nil {
		t.Fatal(err)
	}
	third := filepath.Join(t.TempDir(), "third")
	for _, args := range [][]string{{"backup", "verify", archive}, {"restore", archive}} {
		if code, out, errs := dalil(t, third, "", hashed, args...); code != 1 || !strings.Contains(errs, archive) || !strings.Contains(errs, "cut short") {
			t.Errorf("%v of half an archive: %d\n%s%s", args, code, out, errs)
		}
	}
	if _, err := os.Stat(filepath.Join(third, "current")); err == nil {
		t.Error("half an archive was restored")
	}
}

func TestBackupOfAServer(t *testing.T) {
	address := serving(t)
	archive := filepath.Join(t.TempDir(), "index.tar")
	if code, _, errs := dalil(t, "", "", nil, "backup", "create", "--server", address, archive); code != 1 || !strings.Contains(errs, "indexed") {
		t.Errorf("of an empty server: %d %s", code, errs)
	}
	if _, err := os.Stat(archive); err == nil {
		t.Error("a failed backup left a file")
	}
	dalil(t, "", "", nil, "index", "--server", address, "../../seeds")
	code, out, errs := dalil(t, "", "", nil, "backup", "create", "--server", address, archive)
	if code != 0 || !strings.HasPrefix(out, "5 documents, ") {
		t.Fatalf("backup: %d\n%s%s", code, out, errs)
	}
	to := t.TempDir()
	if code, out, errs := dalil(t, to, "", nil, "restore", archive); code != 0 {
		t.Fatalf("restore: %d\n%s%s", code, out, errs)
	}
	if code, out, _ := dalil(t, to, "", nil, "search", "poverty"); code != 0 || !strings.Contains(out, "001_9b34745794db2986") {
		t.Errorf("search: %d\n%s", code, out)
	}
}

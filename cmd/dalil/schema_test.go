package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// setSchema writes the schema version into a data folder's database: user_version,
// big-endian at 60 (the SQLite file format, §1.3).
func setSchema(t *testing.T, data string, version byte) {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(data, "*", "dalil.db"))
	if err != nil || len(paths) != 1 {
		t.Fatalf("databases: %v, error %v", paths, err)
	}
	content, err := os.ReadFile(paths[0])
	if err != nil {
		t.Fatal(err)
	}
	content[63] = version
	if err := os.WriteFile(paths[0], content, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestSchemaVersions(t *testing.T) {
	data, archive := t.TempDir(), filepath.Join(t.TempDir(), "index.tar")
	run := func(args ...string) (int, string) {
		code, out, errs := dalil(t, data, "", hashed, args...)
		return code, out + errs
	}
	run("index", "../../seeds")
	if _, said := run("doctor"); !strings.Contains(said, "schema version") || !strings.Contains(said, "the newest") {
		t.Errorf("doctor does not say the schema version:\n%s", said)
	}
	if code, said := run("backup", "create", archive); code != 0 || !strings.Contains(said, ", schema ") {
		t.Errorf("backup create: %d, without the schema version:\n%s", code, said)
	}

	setSchema(t, data, 1)
	if code, said := run("search", "poverty reduction cooperation"); code != 0 || said == "" {
		t.Errorf("search in a folder of an older version: %d\n%s", code, said)
	}
	if _, said := run("doctor"); !strings.Contains(said, "schema version 1; the next write") {
		t.Errorf("doctor of an older version:\n%s", said)
	}
	if code, said := run("index", "../../seeds"); code != 0 || !strings.Contains(said, "5 unchanged") {
		t.Errorf("index into a folder of an older version: %d\n%s", code, said)
	}
	if _, said := run("doctor"); !strings.Contains(said, "the newest") {
		t.Errorf("doctor after the write:\n%s", said)
	}

	setSchema(t, data, 200)
	for _, args := range [][]string{{"search", "poverty"}, {"index", "../../seeds"}, {"doctor"}, {"backup", "create", archive}, {"export"}, {"index", "--rebuild"}} {
		if code, said := run(args...); code == 0 || !strings.Contains(said, "schema version 200") || strings.Contains(said, "Qdrant") {
			t.Errorf("%v in a folder of a newer version: %d\n%s", args, code, said)
		}
	}
}

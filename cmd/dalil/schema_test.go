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

	setSchema(t, data, 200)
	for _, args := range [][]string{{"search", "poverty"}, {"index", "../../seeds"}, {"doctor"}, {"backup", "create", archive}, {"export"}, {"index", "--rebuild"}} {
		if code, said := run(args...); code == 0 || !strings.Contains(said, "schema version 200") || strings.Contains(said, "Qdrant") {
			t.Errorf("%v in a folder of a newer version: %d\n%s", args, code, said)
		}
	}
}

// A folder of an older version is read as it is.
func TestOlderSchemaIsRead(t *testing.T) {
	data, archive := t.TempDir(), filepath.Join(t.TempDir(), "index.tar")
	if err := os.CopyFS(data, os.DirFS("../../internal/app/testdata/index-64ff83b")); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ want, args string }{
		{", schema 1,", "backup create " + archive}, {", schema 1,", "backup verify " + archive}, {", schema 1,", "doctor --repair"},
	} {
		code, out, errs := dalil(t, data, "", nil, strings.Fields(test.args)...)
		if code != 0 || !strings.Contains(out+errs, test.want) {
			t.Errorf("%s: %d, want %s\n%s%s", test.args, code, test.want, out, errs)
		}
	}
}

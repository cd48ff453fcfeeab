package app_test

import (
	"cmp"
	"os"
	"path/filepath"
	"testing"
)

// judgedSet is the folder of a judged set in DALIL_TEST_DATA, which make eval
// DATA=DIR sets, else in the folder of data beside the repository. The test is
// skipped where there is none, and fails where DALIL_TEST_DATA names no folder.
func judgedSet(t testing.TB, name string) string {
	t.Helper()
	given := os.Getenv("DALIL_TEST_DATA")
	if given != "" && !exists(given) {
		t.Fatalf("DALIL_TEST_DATA: there is no folder %s", given)
	}
	dir := filepath.Join(cmp.Or(given, "../../../shared/data/eval"), name)
	if !exists(filepath.Join(dir, "corpus.jsonl")) {
		t.Skipf("there is no judged set %s; make eval DATA=DIR looks for it below DIR", name)
	}
	return dir
}

package indexer_test

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dalil/corpus"
	"dalil/indexer"
)

func tree(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, body := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(body), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// walk lists "id" for what was found and "path: error" for what was not, paths
// relative to dir.
func walk(t *testing.T, dir string, o indexer.WalkOptions, paths ...string) []string {
	t.Helper()
	var all []string
	for raw, err := range indexer.Walk(t.Context(), paths, o) {
		source := strings.TrimPrefix(strings.TrimPrefix(raw.Document.Source, filepath.ToSlash(dir)), "/")
		if err != nil {
			all = append(all, fmt.Sprintf("%s: %s", source, strings.ReplaceAll(err.Error(), dir+"/", "")))
			continue
		}
		all = append(all, raw.Document.ID)
	}
	return all
}

func TestWalkNamesDocumentsByTheirPlaceBelowThePath(t *testing.T) {
	dir := tree(t, map[string]string{
		"a.txt": "x", "sub/b.md": "x", "sub/deep/c.html": "x", ".hidden/d.txt": "x", ".e.txt": "x",
		"list.jsonl":   `{"id":"one","text":"x"}` + "\n\n" + `{"text":"y"}` + "\n" + `{"id":"bad","titel":"z"}` + "\n",
		"drafts/f.txt": "x", "drafts/.dalilignore": "# remarks\n*.txt\n", "queries.tmp": "x",
	})
	got := walk(t, dir, indexer.WalkOptions{Exclude: []string{"*.tmp"}}, dir)
	want := []string{"a", "one", "list.jsonl:3", "list.jsonl:4: titel: is unknown; did you mean title?", "sub/b", "sub/deep/c"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("walk (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"a"}, walk(t, dir, indexer.WalkOptions{}, filepath.Join(dir, "a.txt"))); diff != "" {
		t.Errorf("a file (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"sub/b"}, walk(t, dir, indexer.WalkOptions{}, filepath.Join(dir, "*", "b.md"))); diff != "" {
		t.Errorf("a glob (-want +got):\n%s", diff)
	}
	stdin := indexer.WalkOptions{Stdin: strings.NewReader(`{"id":"in","text":"x"}`)}
	if diff := cmp.Diff([]string{"in"}, walk(t, dir, stdin, "-")); diff != "" {
		t.Errorf("standard input (-want +got):\n%s", diff)
	}
}

func TestWalkStaysInTheTreeAndNeverBlocks(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("pipes and links are made in another way there")
	}
	outside := tree(t, map[string]string{"secret.txt": "x"})
	dir := tree(t, map[string]string{"a.txt": "x", "large.txt": "", "closed.txt": "x"})
	link := func(target, name string) {
		if err := os.Symlink(target, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	link(filepath.Join(outside, "secret.txt"), "out.txt")
	link(filepath.Join(dir, "a.txt"), "in.txt")
	link(dir, "loop")
	link(filepath.Join(dir, "nowhere"), "broken.txt")
	if err := syscall.Mkfifo(filepath.Join(dir, "pipe.txt"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(filepath.Join(dir, "large.txt"), corpus.MaxDocumentBytes+1); err != nil {
		t.Fatal(err)
	}
	got := walk(t, dir, indexer.WalkOptions{}, dir)
	want := []string{
		"a", "broken.txt: lstat nowhere: no such file or directory", "closed", // and not in.txt, which is a.txt
		"large.txt: must be at most 16777216 bytes, has 16777217",
		"out.txt: is a symbolic link that leaves the folder", "pipe.txt: is not a regular file (p---------)",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("walk (-want +got):\n%s", diff)
	}
}

func TestCheckRefusesAPathThatNamesNothing(t *testing.T) {
	dir := tree(t, map[string]string{"a.txt": "x"})
	if err := indexer.Check([]string{dir, "-", filepath.Join(dir, "*.txt")}, []string{"drafts/"}); err != nil {
		t.Errorf("error %v", err)
	}
	for _, path := range []string{filepath.Join(dir, "b.txt"), filepath.Join(dir, "*.md")} {
		if err := indexer.Check([]string{path}, nil); err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: error %v, want one that names it", path, err)
		}
	}
}

// A file that several PATHs name, or a folder and a glob, is one document.
func TestWalkYieldsAFileOnce(t *testing.T) {
	t.Chdir(t.TempDir())
	for name, text := range map[string]string{"a.md": "One.", "sub/b.md": "Two.", "sub/c.jsonl": `{"id":"c","text":"Three."}`} {
		name = filepath.Join("docs", name)
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	absolute, err := filepath.Abs("docs")
	if err != nil {
		t.Fatal(err)
	}
	for _, paths := range [][]string{{"docs"}, {"docs/**"}, {"docs", "docs/a.md"}, {"docs", "./docs/", absolute}, {"docs/**", "docs"}} {
		var ids []string
		for raw, err := range indexer.Walk(t.Context(), paths, indexer.WalkOptions{}) {
			if err != nil {
				t.Error(err)
			}
			if raw.Document.ID == "" {
				raw.Document.ID = "record"
			}
			ids = append(ids, raw.Document.ID)
		}
		slices.Sort(ids)
		if len(ids) != 3 || ids[0] != "a" || !slices.Contains(ids, "sub/b") {
			t.Errorf("%q yields %q, want a, sub/b and one record", paths, ids)
		}
	}
}

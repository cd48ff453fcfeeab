package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Two folders with a README are two documents; the second never replaces the
// first without a word.
func TestTwoFoldersWithOneName(t *testing.T) {
	for _, remote := range []bool{false, true} {
		data, dir := t.TempDir(), t.TempDir()
		for name, text := range map[string]string{"a/README.md": "Rivers run to the sea.", "b/README.md": "Mountains stand high.", "b/other.md": "Lakes."} {
			if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		server := ""
		if remote {
			server = serving(t)
		}
		index := func(stdin string, args ...string) (int, string) {
			t.Helper()
			if remote {
				args = append([]string{"--server", server}, args...)
			}
			code, out, errs := dalil(t, data, stdin, nil, append([]string{"index"}, args...)...)
			return code, out + errs
		}
		t.Chdir(dir)
		if code, said := index("", "a"); code != 0 || !strings.HasPrefix(said, "1 indexed") {
			t.Fatalf("a: %d %s", code, said)
		}
		a, err := filepath.EvalSymlinks(filepath.Join(dir, "a"))
		if err != nil {
			t.Fatal(err)
		}
		code, said := index("", "b")
		for _, want := range []string{"1 indexed, 0 unchanged, 1 failed", "failed: b/README.md: ", `"README"`, a, strings.TrimSuffix(a, "a") + "b", "--replace", "--id-prefix"} {
			if code != 1 || !strings.Contains(said, want) {
				t.Errorf("remote %v: b: %d, %q is not said:\n%s", remote, code, want, said)
			}
		}
		if code, said := index(`{"id":"README","text":"Out of a pipe."}`, "-"); code != 1 || !strings.Contains(said, "standard input") {
			t.Errorf("remote %v: a pipe: %d %s", remote, code, said)
		}
		if code, said := index("", "--id-prefix", "b/", "b"); code != 0 || !strings.HasPrefix(said, "2 indexed") {
			t.Errorf("remote %v: with a prefix: %d %s", remote, code, said)
		}
		if err := os.WriteFile(filepath.Join(dir, "a", "README.md"), []byte("Rivers run and run."), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, path := range []string{"./a/", filepath.Join(dir, "a"), "b/../a", "a/*.md", "a/README.md"} { // one folder under other names
			if code, said := index("", path); code != 0 || strings.Contains(said, "--replace") {
				t.Errorf("remote %v: %s: %d %s", remote, path, code, said)
			}
		}
		if code, said := index("", "--replace", "b"); code != 0 {
			t.Errorf("remote %v: with --replace: %d %s", remote, code, said)
		}
	}
}

func TestNamesWithControlCharactersAreQuoted(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"evil\x1b[2Jname.txt", "two\nlines.txt", "turned\u202etxt.exe"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("   "), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	code, out, errs := dalil(t, t.TempDir(), "", nil, "index", dir)
	if code != 1 || strings.ContainsAny(out+errs, "\x1b\u202e") || strings.Count(errs, "\n") != 3 || !strings.Contains(errs, `evil\x1b[2Jname.txt`) || !strings.Contains(errs, `two\nlines.txt`) {
		t.Errorf("%d\n%q", code, out+errs)
	}
	if code, _, errs := dalil(t, t.TempDir(), "", nil, "index", "no\x1bsuch"); code != 1 || strings.Contains(errs, "\x1b") || !strings.Contains(errs, `no\x1bsuch`) {
		t.Errorf("%d %q", code, errs)
	}
}

//go:build unix

package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// What cannot work is refused before any training, by the flag's name.
func TestTargetsAndNamesAreTriedFirst(t *testing.T) {
	dir, parallel := t.TempDir(), frenchFolder(t)
	pipe := filepath.Join(dir, "pipe")
	if err := unix.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	pairs := filepath.Join(parallel, "own.tsv")
	other := filepath.Join(dir, "other.tsv")
	if err := os.WriteFile(other, []byte("a house\tune maison\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for want, args := range map[string][]string{
		"--out: " + pipe + " is a device, pipe or socket": {"lexicon", "--parallel", parallel, "--out", pipe},
		"--out: mkdir " + file:                            {"ranker", "--pairs", pairs, "--out", filepath.Join(file, "x")},
		"give --pairs FILE or --sets DIR":                 {"ranker", "--out", filepath.Join(dir, "r")},
		"--trees: must be 1 to 10000, is 0":               {"ranker", "--pairs", pairs, "--out", filepath.Join(dir, "r"), "--trees", "0"},
		"--made: must be 1e-06 to 1000, is NaN":           {"ranker", "--pairs", pairs, "--out", filepath.Join(dir, "r"), "--made", "NaN"},
		"--out: mkdir " + file + ": not":                  {"words", "--subject", pairs, "--out", filepath.Join(file, "y")},
		"--subject: open " + dir + "/none":                {"words", "--subject", other, "--subject", filepath.Join(dir, "none"), "--out", filepath.Join(dir, "w")},
		"--subject: the files have no Arabic words":       {"words", "--subject", pairs, "--subject", other, "--out", filepath.Join(dir, "w")},
		"--subject: give two files or more":               {"words", "--subject", pairs, "--out", filepath.Join(dir, "w")},
		pairs + " is given twice":                         {"words", "--subject", pairs, "--subject", other, "--pairs", pairs, "--out", filepath.Join(dir, "w")},
		"--trust other: no file":                          {"lexicon", "--parallel", parallel, "--out", filepath.Join(dir, "l"), "--trust", "other=0.5"},
	} {
		var out, errors bytes.Buffer
		if code := run(args, &out, &errors); code == 0 || !strings.Contains(errors.String(), want) {
			t.Errorf("dalil-train %s: exit status %d, %q; want %q", strings.Join(args, " "), code, &errors, want)
		}
	}
	if info, err := os.Lstat(pipe); err != nil || info.Mode()&os.ModeNamedPipe == 0 {
		t.Errorf("the pipe became %v, %v", info, err)
	}
}

package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The test's program serves Bleve too, as the program itself does.
func TestMain(m *testing.M) {
	if len(os.Args) == 3 && os.Args[1] == serveBleve {
		os.Exit(run(context.Background(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
	}
	os.Exit(m.Run())
}

// One run asks Dalil, Bleve, and the servers that are there. Those that are not are in
// the report with a reason.
func TestCompare(t *testing.T) {
	program := filepath.Join(t.TempDir(), "dalil")
	build := exec.Command("go", "build", "-o", program, "./cmd/dalil")
	build.Dir = "../.." // another module
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	page := filepath.Join(t.TempDir(), "performance.md")
	if err := os.WriteFile(page, []byte("# Performance\n"+begins+"old\n"+ends+"The end.\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	args := []string{
		"--dalil", program, "--passages", "300", "--questions", "120", "--exact", "50", "--sentences", t.TempDir(), "--write", page,
		"--postgres", os.Getenv("DALIL_TEST_POSTGRES"), "--qdrant", os.Getenv("DALIL_TEST_QDRANT"),
	}
	keep := t.TempDir()
	args = append(args, "--keep", keep)
	var out, log bytes.Buffer
	if code := run(t.Context(), args, nil, &out, &log); code != 0 {
		t.Fatalf("exit code %d\n%s", code, log.String())
	}
	if strings.Contains(log.String(), "using the index") || !strings.Contains(log.String(), "indexing 300 passages") {
		t.Errorf("the first run did not index:\n%s", log.String())
	}
	written, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	if string(written) != "# Performance\n"+begins+out.String()+ends+"The end.\n" {
		t.Errorf("the page is\n%s", written)
	}
	want := []string{
		`\| Dalil \| default: both, reranked \| [\d.]+ ms \| [\d.]+ ms \| [\d.]+ ms \| \d+ \| – \| [\d.]+ s, [\d.]+ s \| \d+ MiB, \d+ MiB \| \d+ MiB \|`,
		`\|  \| dense only \|.*\| 1\.0000 \| \| \| \|`,
		`\|  \| words only \|.*\| – \| \| \| \|`,
		`\| Bleve \| words only \|`,
		`- Left out: Bleve with vectors, because .*cgo\.`,
	}
	var again bytes.Buffer
	if code := run(t.Context(), append(args, "--questions", "10"), nil, io.Discard, &again); code != 0 || !strings.Contains(again.String(), "using the index of 300 passages") {
		t.Errorf("the second run ended with %d\n%s", code, again.String())
	}
	for name, address := range map[string]string{"pgvector": os.Getenv("DALIL_TEST_POSTGRES"), "Qdrant": os.Getenv("DALIL_TEST_QDRANT")} {
		if address == "" {
			want = append(want, `- Left out: `+name+`, because no address was given`)
		} else {
			want = append(want, `\| `+name+` \| dense, exact scan \|.*\| 1\.0000 \|`)
		}
	}
	for _, w := range want {
		if !regexp.MustCompile(w).MatchString(out.String()) {
			t.Errorf("the report has no %q:\n%s", w, out.String())
		}
	}
}

func TestServerThatDoesNotAnswerIsLeftOut(t *testing.T) {
	addresses, err := free(2)
	if err != nil {
		t.Fatal(err)
	}
	o := &options{Postgres: "postgres://someone@" + addresses[0] + "/test", Qdrant: addresses[1]}
	for _, s := range systems {
		if s.name != "pgvector" && s.name != "Qdrant" {
			continue
		}
		if _, err := s.open(t.Context(), o); err == nil || !strings.Contains(err.Error(), "does not answer") {
			t.Errorf("%s: %v", s.name, err)
		}
	}
}

func TestCommandLine(t *testing.T) {
	for _, test := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"--help"}, 0, "--postgres"},
		{nil, 2, "--dalil"},
		{[]string{"--dalil", "x", "--passages", "9"}, 2, "at least 10 passages"},
		{[]string{"--dalil", filepath.Join(t.TempDir(), "none"), "--sentences", t.TempDir(), "--passages", "10"}, 1, "none version"},
	} {
		var out bytes.Buffer
		if code := run(t.Context(), test.args, nil, &out, &out); code != test.code || !strings.Contains(out.String(), test.says) {
			t.Errorf("%q: exit code %d, %s", test.args, code, out.String())
		}
	}
}

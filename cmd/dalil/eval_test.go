package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestEvalRefusesFlagsThatItWouldIgnore(t *testing.T) {
	for _, test := range []struct {
		args []string
		want string
	}{
		{[]string{"--context", "400", "--conversation"}, "--context and --conversation"},
		{[]string{"--context", "400", "--evidence"}, "--context and --evidence"},
		{[]string{"--conversation", "--save", "x.json"}, "--conversation and --save do not go together"},
		{[]string{"--evidence", "--arms", "dense"}, "--evidence and --arms do not go together"},
		{[]string{"--context", "400", "--fusion", "RRF"}, "--context and --fusion do not go together"},
		{[]string{"--context", "400", "--rerank", "off"}, "--context and --rerank do not go together"},
		{[]string{"--context", "400", "--against", "x.json"}, "--context and --against do not go together"},
		{[]string{"--context", "0"}, "--context: must be 1 to"},
	} {
		code, out, errs := dalil(t, "", "", nil, append(append([]string{"eval"}, test.args...), "../../seeds")...)
		if code == 0 || out != "" || !strings.Contains(errs, test.want) {
			t.Errorf("%q: exit %d, %q, %q; want an error that says %q", test.args, code, out, errs, test.want)
		}
	}
}

func TestEvalComparesWithASavedRun(t *testing.T) {
	file := filepath.Join(t.TempDir(), "run.json")
	if code, _, errs := dalil(t, "", "", nil, "eval", "--save", file, "../../seeds"); code != 0 {
		t.Fatalf("exit %d: %s", code, errs)
	}
	code, out, errs := dalil(t, "", "", nil, "eval", "--against", file, "../../seeds")
	if code != 0 || !strings.Contains(out, "+0.0000 (+0.0000 to +0.0000): noise") {
		t.Errorf("exit %d: %s%s; want no difference to the same run", code, out, errs)
	}
	if !strings.Contains(out, "own 1st") {
		t.Errorf("the seeds are in both languages, and the own language's share is not shown:\n%s", out)
	}
	if err := os.WriteFile(file, []byte("no run"), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, _, errs := dalil(t, "", "", nil, "eval", "--against", file, "../../seeds"); code == 0 || !strings.Contains(errs, "--against") {
		t.Errorf("a file that is not a run: exit %d, %q; want an error that names --against", code, errs)
	}
}

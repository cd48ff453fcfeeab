package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// make eval DATA=DIR judges the sets of DIR with the program, and hands DIR to
// the tests that judge. Both are stand-ins here that write down their calls.
func TestEvalScriptHandsItsDataOn(t *testing.T) {
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("there is no bash")
	}
	dir := t.TempDir()
	write := func(name, text string, mode os.FileMode) {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), mode); err != nil {
			t.Fatal(err)
		}
	}
	script, err := os.ReadFile("../../scripts/eval.sh")
	if err != nil {
		t.Fatal(err)
	}
	calls := "#!/bin/sh\necho \"$(basename \"$0\") $* DATA=$DALIL_TEST_DATA\" >>\"" + filepath.Join(dir, "calls") + "\"\n"
	write("scripts/eval.sh", string(script), 0o755)
	write("bin/dalil", calls, 0o755)
	write("tools/go", calls, 0o755)
	write("data/mine/corpus.jsonl", "", 0o644)
	write("data/no-set/readme", "", 0o644)
	eval := func(args ...string) (string, error) {
		c := exec.Command(bash, append([]string{"scripts/eval.sh"}, args...)...)
		c.Dir, c.Env = dir, append(os.Environ(), "PATH="+filepath.Join(dir, "tools")+":"+os.Getenv("PATH"), "DALIL_TEST_DATA=")
		out, err := c.CombinedOutput()
		return string(out), err
	}
	if out, err := eval("data"); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	made, err := os.ReadFile(filepath.Join(dir, "calls"))
	if err != nil {
		t.Fatal(err)
	}
	root, err := filepath.EvalSymlinks(dir)
	if err != nil {
		t.Fatal(err)
	}
	said := strings.ReplaceAll(string(made), dir, root)
	for _, want := range []string{"dalil eval --against docs/figures.json seeds " + root + "/data/mine/ DATA=" + root + "/data\n", "go test ", " DATA=" + root + "/data\n"} {
		if !strings.Contains(said, want) {
			t.Errorf("there is no call with %q:\n%s", want, said)
		}
	}
	if strings.Contains(said, "no-set") || strings.Count(said, "DATA="+root+"/data\n") != 4 {
		t.Errorf("calls:\n%s", said)
	}
	if out, err := eval("no/such"); err == nil || !strings.Contains(out, "DATA: there is no folder no/such") {
		t.Errorf("a folder that is not there: %v\n%s", err, out)
	}
}

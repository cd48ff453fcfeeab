package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestAHistoryFile(t *testing.T) {
	data := t.TempDir()
	if code, _, errs := dalil(t, data, "", nil, "index", "../../seeds"); code != 0 {
		t.Fatal(errs)
	}
	path := filepath.Join(t.TempDir(), "history.json")
	write := func(text string) {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("\uFEFF" + `[{"role": "user", "text": "When was the symposium on poverty reduction?"}]`)
	for _, command := range []string{"search", "context"} {
		code, out, errs := dalil(t, data, "", nil, command, "--json", "--history", path, "and who opened it?")
		if code != 0 || !strings.Contains(out, `"interpreted_query":"and who opened it? symposium`) {
			t.Errorf("%s: %d\n%s%s", command, code, out, errs)
		}
	}
	for text, want := range map[string]string{
		`{"role": "USER"}`:                "must be a JSON array of turns",
		`[{"role": "NOBODY","text":"x"}]`: "history[0].role",
		`[{"rol": "USER","text":"x"}]`:    "rol",
		`[{"text": "x"}]`:                 "--history: history[0].role: must be USER or ASSISTANT",
		``:                                "must be a JSON array of turns",
	} {
		write(text)
		code, _, errs := dalil(t, data, "", nil, "context", "--history", path, "and who opened it?")
		if code == 0 || !strings.Contains(errs, want) || !strings.Contains(errs, "--history") {
			t.Errorf("%s: %d, %q does not contain %q", text, code, errs, want)
		}
	}
	if code, _, errs := dalil(t, data, "", nil, "search", "--history", path+".none", "x"); code == 0 || !strings.Contains(errs, "--history") {
		t.Errorf("a file that is not there: %d, %s", code, errs)
	}
}

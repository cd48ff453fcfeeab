package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dalil/audit"
)

// Commands that change something on this machine are recorded, and refused without a record.
func TestCommandsAreRecorded(t *testing.T) {
	dir := t.TempDir()
	log, keys, folder := filepath.Join(dir, "audit.jsonl"), filepath.Join(dir, "keys.json"), filepath.Join(dir, "articles")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "a.txt"), []byte("A secret article about cooperation."), 0o600); err != nil {
		t.Fatal(err)
	}
	environment := []string{"DALIL_AUDIT_FILE=" + log, "DALIL_ACCESS_KEYS=" + keys, "DALIL_DATA=" + filepath.Join(dir, "data"), "DALIL_EMBEDDER_NAME=hash"}
	run := func(arguments ...string) {
		t.Helper()
		if code, _, errs := dalil(t, "", "", environment, arguments...); code != 0 {
			t.Errorf("%v: %d %s", arguments, code, errs)
		}
	}
	run("keys", "create", "--name", "chatbot", "--scope", "search", "--tenant", "news")
	run("keys", "revoke", "chatbot")
	run("index", folder)
	run("index", "--dry-run", folder)
	run("docs", "list")
	run("search", "cooperation")
	run("docs", "delete", "a")
	raw, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for line := range bytes.Lines(raw) {
		var r audit.Record
		if err := json.Unmarshal(line, &r); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		if r.User == "" || strings.Contains(r.Method, "keys") && r.Event == audit.Command && !strings.HasSuffix(r.Subject, " chatbot search tenant=news") {
			t.Errorf("%s does not say who, or which key", line)
		}
		got = append(got, string(r.Event)+" "+r.Method[strings.LastIndex(r.Method, "/")+1:]+" "+strings.Join(r.Documents, ",")+" "+r.Outcome)
	}
	want := "begin keys create  |command keys create  OK|begin keys revoke  |command keys revoke  OK|begin index  |written index a |command index  OK|begin DeleteDocument a |end DeleteDocument a OK"
	if text := strings.Join(got, "|"); text != want {
		t.Errorf("got  %s\nwant %s", text, want)
	}
	if strings.Contains(string(raw), "secret") {
		t.Errorf("the log has a text:\n%s", raw)
	}
	environment[0] = "DALIL_AUDIT_FILE=" + filepath.Join(dir, "missing", "audit.jsonl")
	if code, out, errs := dalil(t, "", "", environment, "keys", "create", "--name", "x", "--scope", "search"); code == 0 || out != "" || !strings.Contains(errs, "audit log") {
		t.Errorf("a key without a record: %d %s %s", code, out, errs)
	}
}

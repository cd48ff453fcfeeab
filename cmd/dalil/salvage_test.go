package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// With one damaged page, doctor names the documents on it; export and rebuild go
// on with the others on request, list what is missing, and exit with 1.
func TestADamagedPage(t *testing.T) {
	data := t.TempDir()
	var lines strings.Builder
	for i := range 60 {
		fmt.Fprintf(&lines, "{\"id\":\"doc-%02d\",\"text\":%q}\n", i, strings.Repeat(fmt.Sprintf("Document number %d speaks of rivers. ", i), 20))
	}
	if code, out, errs := dalil(t, data, lines.String(), hashed, "index", "-"); code != 0 {
		t.Fatalf("index: %d\n%s%s", code, out, errs)
	}
	spoil := func(dir string) {
		t.Helper()
		databases, err := filepath.Glob(filepath.Join(dir, "*", "dalil.db"))
		if err != nil || len(databases) != 1 {
			t.Fatal(databases, err)
		}
		content, err := os.ReadFile(databases[0])
		if err != nil {
			t.Fatal(err)
		}
		at := bytes.Index(content, []byte("Document number 30 speaks")) / 8192 * 8192
		copy(content[at:at+8192], bytes.Repeat([]byte{0xff}, 8192))
		if at <= 0 || os.WriteFile(databases[0], content, 0o600) != nil {
			t.Fatal("the page was not found")
		}
	}
	spoil(data)
	if code, out, _ := dalil(t, data, "", hashed, "doctor"); code != 1 || !strings.Contains(out, "doc-30: ") || !strings.Contains(out, "--salvage") || strings.Contains(out, "doc-00: ") {
		t.Errorf("doctor: %d\n%s", code, out)
	}
	for _, args := range [][]string{{"export"}, {"index", "--rebuild"}} {
		if code, _, errs := dalil(t, data, "", hashed, args...); code != 1 || !strings.Contains(errs, "dalil.db") {
			t.Errorf("%v: %d %s", args, code, errs)
		}
	}
	file := filepath.Join(t.TempDir(), "saved.jsonl")
	code, out, errs := dalil(t, data, "", hashed, "export", "--salvage", file)
	saved, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	kept, missing := bytes.Count(saved, []byte("\n")), strings.Count(errs, "missing: doc-")
	if code != 1 || kept+missing != 60 || missing == 0 || missing > 10 || !strings.Contains(errs, "missing: doc-30: ") {
		t.Errorf("export --salvage: %d, %d written, %d missing\n%s%s", code, kept, missing, out, errs)
	}
	code, out, errs = dalil(t, data, "", hashed, "index", "--rebuild", "--salvage")
	if code != 1 || !strings.HasPrefix(out, fmt.Sprintf("%d indexed", kept)) || strings.Count(errs, "missing: doc-") != missing {
		t.Errorf("index --rebuild --salvage: %d\n%s%s", code, out, errs)
	}
	if aside, err := filepath.Glob(filepath.Join(data, "*.aside-*", "dalil.db")); err != nil || len(aside) != 1 {
		t.Errorf("the damaged collection was not kept: %v, %v", aside, err)
	}
	if code, out, _ := dalil(t, data, "", hashed, "doctor"); code != 0 {
		t.Errorf("doctor afterwards: %d\n%s", code, out)
	}
	if code, out, _ := dalil(t, data, lines.String(), hashed, "index", "-"); code != 0 || !strings.HasPrefix(out, fmt.Sprintf("%d indexed, %d unchanged", missing, kept)) {
		t.Errorf("index afterwards: %d\n%s", code, out)
	}
}

package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The commands about single documents, on a local store.
func TestDocsCommands(t *testing.T) {
	data, folder := t.TempDir(), t.TempDir()
	t.Chdir(folder)
	run := func(want int, says string, stdin string, args ...string) string {
		t.Helper()
		code, out, errs := dalil(t, data, stdin, hashed, args...)
		if code != want || !strings.Contains(out+errs, says) {
			t.Errorf("%v: exit %d, want %d and %q\n%s%s", args, code, want, says, out, errs)
		}
		return out
	}
	run(0, "wheat: indexed", "Wheat prices rose in the north.", "docs", "put", "wheat", "--field", "title=On wheat", "--field", "metadata.kind=news", "--field", "tags=a, b", "--field", "published_at=2024-05-01")
	run(0, "fish: indexed", "Fish markets by the sea.", "docs", "put", "fish", "--field", "metadata.kind=report", "--field", "metadata.stars=3")
	run(0, "wheat: unchanged", "Wheat prices rose in the north.", "docs", "put", "wheat", "--field", "title=On wheat", "--field", "metadata.kind=news", "--field", "tags=a, b", "--field", "published_at=2024-05-01")
	run(1, "it exists", "Other.", "docs", "put", "wheat", "--if-none-match")
	run(1, "metadata.stars: has an empty value", "x", "docs", "put", "x", "--field", "metadata.stars=,")

	if out := run(0, "On wheat", "", "docs", "list", "--total"); strings.Index(out, "fish") > strings.Index(out, "wheat") {
		t.Errorf("not in order of ids:\n%s", out)
	}
	if out := run(0, "wheat", "", "docs", "list", "--filter", "kind=news"); strings.Contains(out, "fish") {
		t.Errorf("the filter keeps fish:\n%s", out)
	}
	if out := run(0, "wheat\ten\t2024-05-01", "", "docs", "list", "--order", "published", "-n", "1"); strings.Contains(out, "fish") {
		t.Errorf("the oldest comes first:\n%s", out)
	}
	run(1, "--limit: must be 0 or more", "", "docs", "list", "--limit=-1")
	run(0, "Wheat prices rose", "", "docs", "get", "wheat")
	if out := run(0, "metadata.kind", "", "docs", "get", "--passages", "wheat"); !strings.Contains(out, "  0\nWheat prices") {
		t.Errorf("no passages:\n%s", out)
	}
	run(1, `there is no document "none"`, "", "docs", "get", "none")

	run(0, "wheat: indexed", "", "docs", "update", "wheat", "metadata.kind=report", "metadata.pages=12", "tags=", "author=A. Writer")
	var answer struct {
		Document struct {
			Author   string
			Tags     []string
			Metadata map[string]any
			Etag     string
		}
	}
	if err := json.Unmarshal([]byte(run(0, "etag", "", "docs", "get", "--json", "wheat")), &answer); err != nil {
		t.Fatal(err)
	}
	if d := answer.Document; d.Author != "A. Writer" || len(d.Tags) != 0 || d.Metadata["kind"] != "report" || d.Metadata["pages"] != 12.0 || len(d.Etag) != 32 {
		t.Errorf("after the update: %+v", d)
	}
	run(1, "title", "", "docs", "update", "wheat", "title=New")
	run(1, "etag", "", "docs", "update", "--if-match", "0123", "wheat", "author=B")
	run(1, "must be FIELD=VALUE", "", "docs", "update", "wheat", "author")
	run(0, "metadata.kind\n         2  report", "", "facets", "metadata.kind")
	run(0, "1 documents", "", "facets", "language", "--filter", "pages=12")
	run(1, "the field to count", "", "facets", "colour")

	// Failures, and writing them again after the file was corrected.
	if err := os.MkdirAll(filepath.Join(folder, "in"), 0o700); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join("in", "bad.md")
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(" ")
	run(1, "document", "", "docs", "put", "bad", file, "--media-type", "text/markdown")
	run(1, "image/png is not supported", "x", "docs", "put", "pipe", "--media-type", "image/png")
	run(0, "bad from in/bad.md:", "", "docs", "failures")
	write("# Corrected\n\nNow it has a text about herring.")
	// A source comes from whoever sent the document, so it is never read.
	if err := os.WriteFile("secret.txt", []byte("The password is swordfish."), 0o600); err != nil {
		t.Fatal(err)
	}
	run(1, "image/png is not supported", "", "docs", "put", "leak", "secret.txt", "--media-type", "image/png")
	run(1, "pipe: no document with this id is below the paths", "", "docs", "retry", "in")
	run(1, `there is no document "leak"`, "", "docs", "get", "leak")
	run(0, "leak: deleted", "", "docs", "delete", "leak")
	run(0, "Now it has a text about herring", "", "docs", "get", "bad")
	if out := run(0, "pipe", "", "docs", "failures", "--json"); strings.Contains(out, `"bad"`) || !strings.Contains(out, `"total_size":1`) {
		t.Errorf("after the retry:\n%s", out)
	}
	run(1, "is not in the list of failures", "", "docs", "retry", "--id", "bad", "in")
	run(1, "standard input", "", "docs", "retry", "-")

	run(0, "2 documents would be deleted\nfish\nwheat", "", "docs", "delete", "--dry-run", "--filter", "kind=report")
	run(0, "bad: deleted", "", "docs", "delete", "bad")
	run(0, "2 of 2 documents deleted", "", "docs", "delete", "--filter", "kind=report")
	run(1, "--all", "", "docs", "delete")
	run(1, "cannot be combined", "", "docs", "delete", "--all", "x")
	run(0, "0 of 0 documents deleted", "", "docs", "delete", "--all")
}

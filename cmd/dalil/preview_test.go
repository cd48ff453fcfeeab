package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestPreviewPrintsWhatWouldBeIndexed(t *testing.T) {
	data, folder := filepath.Join(t.TempDir(), "none"), t.TempDir()
	page := filepath.Join(folder, "page.md")
	if err := os.WriteFile(page, []byte("# Forum\n\nThe cities cooperate.\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	code, out, errs := dalil(t, data, "", nil, "preview", "--words", page)
	for _, want := range []string{"page: would be written\n", "title     Forum\n", "passage 1 (30 bytes, 7 tokens) Forum\n", "words: forum (the) citi=cities cooper=cooperate\n"} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is missing in\n%s", want, out)
		}
	}
	if code != 0 {
		t.Errorf("exit %d: %s", code, errs)
	}
	if left, _ := os.ReadDir(data); len(left) > 0 {
		t.Errorf("a preview made files: %v", left)
	}
	if code, _, errs := dalil(t, data, "", nil, "index", page); code != 0 {
		t.Fatalf("exit %d: %s", code, errs)
	}
	if code, out, errs := dalil(t, data, "", nil, "preview", page); code != 0 || !strings.HasPrefix(out, "page: is in the index already\n") {
		t.Errorf("after indexing: exit %d, %s%s", code, out, errs)
	}
	code, out, errs = dalil(t, data, "{\"id\": \"q\", \"text\": \"hi there\"}\n{\"broken\n", nil, "preview", "--json", "-")
	if code != 1 || !strings.Contains(out, `"document_id":"q"`) || !strings.Contains(errs, "-:2: ") {
		t.Errorf("one broken record of two: exit %d, %s%s", code, out, errs)
	}
}

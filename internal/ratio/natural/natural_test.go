package natural_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"dalil/internal/ratio/natural"
)

func TestReadTakesWholePairs(t *testing.T) {
	dir := t.TempDir()
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	_, err := w.Write([]byte("Water is life for everyone.\tالماء هو الحياة للجميع هنا\nshort\tقصير\nno Arabic text is in this line\n"))
	if err != nil || w.Close() != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "pairs.tsv.gz"), packed.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := natural.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(got.English, []string{"Water is life for everyone."}) || !slices.Equal(got.Arabic, []string{"الماء هو الحياة للجميع هنا"}) {
		t.Errorf("got %q", got)
	}
	if err := os.WriteFile(filepath.Join(dir, "broken.tsv.gz"), packed.Bytes()[:20], 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := natural.Read(dir); err == nil || !strings.Contains(err.Error(), "broken.tsv.gz") {
		t.Errorf("a file that is cut off gives %v", err)
	}
}

func TestPassagesDiffer(t *testing.T) {
	text := natural.Zipf(100)
	path := filepath.Join(t.TempDir(), "passages.jsonl")
	const n = 1000 // with 200 sentences to begin with
	if err := text.Write(path, n); err != nil {
		t.Fatal(err)
	}
	lines, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]bool{}
	for line := range strings.Lines(string(lines)) {
		var document struct{ Text string }
		if err := json.Unmarshal([]byte(line), &document); err != nil {
			t.Fatal(err)
		}
		texts[document.Text] = true
	}
	if len(texts) != n {
		t.Errorf("%d different texts in %d passages", len(texts), n)
	}
}

func TestPassagesAndQuestionsAreRepeatable(t *testing.T) {
	text := natural.Zipf(500)
	var files [2][]byte
	for i := range files {
		path := filepath.Join(t.TempDir(), "passages.jsonl")
		if err := text.Write(path, 20); err != nil {
			t.Fatal(err)
		}
		var err error
		if files[i], err = os.ReadFile(path); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(files[0], files[1]) {
		t.Error("the same sentences give different passages")
	}
	lines := slices.Collect(strings.Lines(string(files[0])))
	if len(lines) != 20 {
		t.Fatalf("%d passages, want 20", len(lines))
	}
	for _, line := range lines {
		var document struct{ ID, Title, Text string }
		if err := json.Unmarshal([]byte(line), &document); err != nil {
			t.Fatal(err)
		}
		if document.ID == "" || len(strings.Fields(document.Title)) != 6 || utf8.RuneCountInString(document.Text) < 600 {
			t.Errorf("got %+v", document)
		}
	}
	questions := text.Questions(100)
	if !slices.Equal(questions, text.Questions(100)) {
		t.Error("the same sentences give different questions")
	}
	for _, q := range questions {
		if n := len(strings.Fields(q)); n < 2 || n > 12 {
			t.Errorf("%q has %d words", q, n)
		}
	}
}

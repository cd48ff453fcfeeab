package app_test

import (
	"bytes"
	"errors"
	"os"
	"testing"

	"dalil/corpus"
	"dalil/internal/app"
	"dalil/internal/config"
)

// testdata/index-64ff83b is the data folder that commit 64ff83b wrote from three
// documents: Markdown, Arabic text, and a record with metadata. Its words and
// passages are of another pipeline than today's.
func oldIndex(t *testing.T) config.Config {
	t.Helper()
	c := settings(t, nil)
	if err := os.CopyFS(c.Data, os.DirFS("testdata/index-64ff83b")); err != nil {
		t.Fatal(err)
	}
	return c
}

func TestAnOldIndexIsRecognised(t *testing.T) {
	var mismatch *corpus.MismatchError
	a, err := app.Open(t.Context(), oldIndex(t), quiet)
	if !errors.As(err, &mismatch) {
		if err == nil {
			a.Close()
		}
		t.Fatalf("error %v, want one that names both pipelines", err)
	}
	if mismatch.Held.Analyzer != "ar-en-2" {
		t.Errorf("the collection's analyzer is %s, want ar-en-2", mismatch.Held.Analyzer)
	}
}

// A rebuild brings every document over, with its text and metadata.
func TestAnOldIndexIsRebuilt(t *testing.T) {
	c := oldIndex(t)
	a, err := app.OpenRebuild(t.Context(), c, quiet)
	if err != nil {
		t.Fatal(err)
	}
	summary, err := a.Rebuild(operator(t), "", func(corpus.Receipt) {})
	if err != nil || summary.Indexed != 3 || summary.Failed != 0 {
		t.Fatalf("rebuild: %+v, error %v", summary, err)
	}
	if _, err := a.Activate(operator(t)); err != nil {
		t.Fatal(err)
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	a = open(t, c)
	var out bytes.Buffer
	if n, err := a.Export(operator(t), &out); err != nil || n != 3 {
		t.Fatalf("%d documents are there, error %v, want 3", n, err)
	}
	for _, want := range []string{`"id":"poverty"`, `"id":"cities"`, `"id":"rail/1"`, "carries grain", `"tags":["transport"]`, "2016-10-05", "إدارة المرور والمياه"} {
		if !bytes.Contains(out.Bytes(), []byte(want)) {
			t.Errorf("the export has no %s:\n%s", want, out.String())
		}
	}
	answer, err := a.Search(operator(t), corpus.Query{Text: "poverty reduction cooperation"})
	if err != nil || len(answer.Passages) == 0 || answer.Passages[0].Document.ID != "poverty" {
		t.Errorf("answer %+v, error %v, want the passage on poverty first", answer.Passages, err)
	}
}

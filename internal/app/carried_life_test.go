package app_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"dalil/corpus"
	"dalil/internal/app"
	"dalil/parser"
)

// A rebuild keeps the etag, the times and the source version of a document, and leaves
// behind what has expired.
func TestARebuildKeepsALife(t *testing.T) {
	c := settings(t, nil)
	a := open(t, c)
	version, later := int64(7), time.Date(2999, 1, 2, 3, 4, 5, 6000, time.UTC)
	ingest(t, a,
		corpus.Document{ID: "a", Title: "T", Source: "feed", Text: "Trains carry grain.", SourceVersion: &version, ExpiresAt: later, VisibleFrom: later.Add(-time.Hour), Metadata: map[string]corpus.Value{"n": corpus.Number(1)}},
		corpus.Document{ID: "over", Text: "Camels carry grain.", ExpiresAt: time.Unix(1, 0)},
	)
	before, err := a.Document(operator(t), "a", true)
	if err != nil || len(before.Document.ETag) != 32 {
		t.Fatalf("%+v, error %v", before, err)
	}
	var out bytes.Buffer
	if n, err := a.Export(operator(t), &out); err != nil || n != 1 || !strings.Contains(out.String(), `"expires_at":"2999-01-02T03:04:05.000006Z","visible_from":"2999-01-02T02:04:05.000006Z","source_version":7`) {
		t.Errorf("%d documents are exported, error %v:\n%s", n, err, out.String())
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	a, err = app.OpenRebuild(t.Context(), c, quiet)
	if err != nil {
		t.Fatal(err)
	}
	if summary, err := a.Rebuild(operator(t), "", func(corpus.Receipt) {}); err != nil || summary.Indexed != 1 {
		t.Fatalf("rebuild: %+v, error %v", summary, err)
	}
	if _, err := a.Activate(operator(t)); err != nil {
		t.Fatal(err)
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	a = open(t, c)
	after, err := a.Document(operator(t), "a", true)
	d := after.Document
	if err != nil || d.ETag != before.Document.ETag || d.SourceVersion == nil || *d.SourceVersion != 7 || !d.ExpiresAt.Equal(later) || !d.VisibleFrom.Equal(later.Add(-time.Hour)) || d.Text != before.Document.Text {
		t.Errorf("after the rebuild: %+v, error %v; before: %+v", d, err, before.Document)
	}
	// What is exported and read back is the same document.
	other := open(t, settings(t, nil))
	for raw, err := range parser.JSONLines(&out, "export") {
		if err != nil {
			t.Fatal(err)
		}
		ingest(t, other, raw.Document)
	}
	if read, err := other.Document(operator(t), "a", false); err != nil || read.Document.ETag != before.Document.ETag || *read.Document.SourceVersion != 7 {
		t.Errorf("read back: %+v, error %v, want etag %s", read.Document, err, before.Document.ETag)
	}
}

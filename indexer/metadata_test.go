package indexer_test

import (
	"errors"
	"strings"
	"testing"

	"dalil/corpus"
	"dalil/indexer"
)

// What a document says of itself is bounded too, wherever it says so.
func TestMetadataIsBounded(t *testing.T) {
	all := newFixture(t).run(t, indexer.Options{},
		corpus.Raw{Document: corpus.Document{ID: "most", Text: "A text.", Metadata: map[string]corpus.Value{"k": corpus.String(strings.Repeat("v", 60<<10))}}},
		corpus.Raw{Document: corpus.Document{ID: "more", Text: "A text.", Metadata: map[string]corpus.Value{"k": corpus.String(strings.Repeat("v", 64<<10))}}},
		corpus.Raw{Document: corpus.Document{ID: "html"}, MediaType: "text/html", Body: []byte("<title>" + strings.Repeat("t", 70<<10) + "</title><p>A text of its own.")},
	)
	receipts := map[string]corpus.Receipt{}
	for _, r := range all {
		receipts[r.DocumentID] = r
	}
	for id, want := range map[string]corpus.Outcome{"most": corpus.Indexed, "more": corpus.Failed, "html": corpus.Failed} {
		if r := receipts[id]; r.Outcome != want || want == corpus.Failed && !errors.Is(r.Err, corpus.ErrInvalid) {
			t.Errorf("%s: %v, %v", id, r.Outcome, r.Err)
		}
	}
}

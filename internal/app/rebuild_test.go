package app_test

import (
	"fmt"
	"strings"
	"testing"

	"dalil/corpus"
	"dalil/internal/app"
	"dalil/internal/config"
)

// A document that the new model refuses is reported, and the others are carried
// over all the same.
func TestRebuildReportsWhatFails(t *testing.T) {
	c := onQdrant(t, nil)
	a := open(t, c)
	var all []corpus.Document
	for i := range 300 {
		text := fmt.Sprintf("Fish market number %d.", i)
		if i%50 == 7 {
			text += " Poison."
		}
		all = append(all, corpus.Document{ID: fmt.Sprintf("d%d", i), Text: text})
	}
	ingest(t, a, all...)
	next := c
	next.Embedder = config.Embedder{Name: "openai", Model: "m", Dimensions: 32, MaxTokens: -1, URL: startProvider(t, nil) + "/v1"}
	b, err := app.OpenRebuild(t.Context(), next, quiet)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	summary, err := b.Rebuild(operator(t), "", func(r corpus.Receipt) {
		if r.Outcome == corpus.Failed && !strings.Contains(r.Err.Error(), "poison") {
			t.Errorf("%s failed: %v, want the provider's own words", r.DocumentID, r.Err)
		}
	})
	if err != nil || summary.Indexed != 294 || summary.Failed != 6 {
		t.Errorf("rebuild: got %+v, %v, want 294 documents and 6 that failed", summary, err)
	}
}

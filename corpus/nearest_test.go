package corpus_test

import (
	"testing"

	"dalil/corpus"
)

func TestNearestName(t *testing.T) {
	names := []string{"id", "title", "text", "page_size", "language", "source"}
	for written, want := range map[string]string{
		"pageSize": "page_size", "page-size": "page_size", "TEXT": "text", "txet": "text", "titel": "title", "langauge": "language", "lnaguaeg": "language",
		"ID": "id", "": "", "colour": "", "xy": "", "sauce": "source", "query": "",
	} {
		if got := corpus.NearestName(written, names); got != want {
			t.Errorf("%q: %q, want %q", written, got, want)
		}
	}
}

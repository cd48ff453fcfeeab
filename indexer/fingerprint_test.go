package indexer_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"testing"
	"time"

	"pgregory.net/rapid"

	"dalil/corpus"
	"dalil/indexer"
)

// Fingerprints are kept for years: a document whose fingerprint changes is embedded again.
func TestContentIsTheHashOfTheJSON(t *testing.T) {
	text := rapid.OneOf(rapid.String(), rapid.StringMatching("[ -~\x00-\x1f\x7f\u2027-\u202a\u0627\ufffd😀]*"), rapid.Custom(func(t *rapid.T) string {
		return string(rapid.SliceOf(rapid.Byte()).Draw(t, "bytes"))
	}))
	rapid.Check(t, func(t *rapid.T) {
		d := corpus.Document{
			ID: text.Draw(t, "id"), Title: text.Draw(t, "title"), Text: text.Draw(t, "text"), URL: text.Draw(t, "url"), Language: "ar",
			Tags: rapid.SliceOf(text).Draw(t, "tags"), Groups: rapid.SliceOf(text).Draw(t, "groups"), Root: "/root",
		}
		if rapid.Bool().Draw(t, "more") {
			d.Title += `,"Text":""`
			d.Metadata = map[string]corpus.Value{"Text": corpus.String(""), text.Draw(t, "key"): corpus.Number(1.5)}
			d.PublishedAt, d.ExpiresAt = time.Unix(1_700_000_000, 5).UTC(), time.Unix(1_800_000_000, 0).UTC()
		}
		h := sha256.New()
		if err := json.NewEncoder(h).Encode(d); err != nil {
			t.Fatal(err)
		}
		if got, want := indexer.ContentOf(d), hex.EncodeToString(h.Sum(nil)[:16]); got != want {
			t.Fatalf("got %s, want %s", got, want)
		}
	})
}

package indexer

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"

	"dalil/corpus"
)

// fingerprint covers everything that shapes what the store holds of a document:
// its content, and the pipeline behind a dash.
func fingerprint(content string, pipeline corpus.Pipeline) string {
	return content + "-" + pipeline.Fingerprint()
}

// Content is the part of a fingerprint that every pipeline gives the same
// document: two collections hold the same of it where this is equal.
func Content(fingerprint string) string {
	content, _, _ := strings.Cut(fingerprint, "-")
	return content
}

// contentOf hashes text and metadata.
func contentOf(d corpus.Document) string {
	h := sha256.New()
	// Maps are marshalled with sorted keys; a Document always marshals.
	if err := json.NewEncoder(h).Encode(d); err != nil {
		panic(err)
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

func revision(fingerprint string) string {
	sum := sha256.Sum256([]byte(fingerprint))
	return hex.EncodeToString(sum[:8])
}

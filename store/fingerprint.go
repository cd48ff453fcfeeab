package store

import (
	"strings"

	"dalil/corpus"
)

// Fingerprint identifies everything that a store keeps of a document: it is a hash
// of the document's content, a dash and the pipeline.
func Fingerprint(content string, p corpus.Pipeline) string {
	return content + "-" + p.Fingerprint()
}

// Content returns the part of a fingerprint that does not depend on the pipeline.
// Two collections have the same document if it is equal.
func Content(fingerprint string) string {
	content, _, _ := strings.Cut(fingerprint, "-")
	return content
}

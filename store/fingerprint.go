package store

import (
	"strings"

	"dalil/corpus"
)

// Fingerprint covers everything that shapes what a store holds of a document: a
// hash of its content, and the pipeline behind a dash.
func Fingerprint(content string, p corpus.Pipeline) string {
	return content + "-" + p.Fingerprint()
}

// Content is the part of a fingerprint that every pipeline gives the same
// document: two collections hold the same of it where this is equal.
func Content(fingerprint string) string {
	content, _, _ := strings.Cut(fingerprint, "-")
	return content
}

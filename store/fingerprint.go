package store

import (
	"strings"

	"dalil/corpus"
)

// Fingerprint identifies everything that a store keeps of a document: it is a hash
// of the document's content, a dash and the pipeline. That of a document that was edited
// has a third part, see [EditedFingerprint].
func Fingerprint(content string, p corpus.Pipeline) string {
	return content + "-" + p.Fingerprint()
}

// Content returns the part of a fingerprint that does not depend on the pipeline.
// Two collections have the same document if it is equal.
func Content(fingerprint string) string {
	content, _, _ := strings.Cut(fingerprint, "-")
	return content
}

// EditedFingerprint returns the fingerprint of a document whose fields were edited. held is
// its fingerprint before. The third part is the revision, which the passages keep although
// the content has changed.
func EditedFingerprint(held, content, revision string) string {
	_, rest, _ := strings.Cut(held, "-")
	pipeline, _, _ := strings.Cut(rest, "-")
	return content + "-" + pipeline + "-" + revision
}

// Same reports whether a stored document, perhaps edited, has this fingerprint.
func Same(held, fingerprint string) bool {
	rest, is := strings.CutPrefix(held, fingerprint)
	return is && (rest == "" || rest[0] == '-')
}

// EditedRevision returns the revision of a document that was edited, or "": it follows from
// the fingerprint.
func EditedRevision(held string) string {
	parts := strings.SplitN(held, "-", 3)
	if len(parts) < 3 {
		return ""
	}
	return parts[2]
}

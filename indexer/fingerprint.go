package indexer

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"dalil/corpus"
)

// contentOf hashes text and metadata: the document as encoding/json writes it, and a line
// feed. The text is encoded by itself, because most of a document is text, and a string that
// is not in a struct takes less time.
func contentOf(d corpus.Document) string {
	text := d.Text
	d.Text = ""
	// Maps are marshalled with sorted keys; a Document always marshals.
	rest, err := json.Marshal(d)
	if err != nil {
		panic(err)
	}
	encoded, err := json.Marshal(text)
	if err != nil {
		panic(err)
	}
	before, after, _ := bytes.Cut(rest, []byte(noText)) // in a string, its quotation marks would be escaped
	h := sha256.New()
	for _, part := range [][]byte{before, []byte(noText[:len(noText)-2]), encoded, after, {'\n'}} {
		h.Write(part) // never fails
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// noText is what is written of an empty text.
const noText = `,"Text":""`

func revision(fingerprint string) string {
	sum := sha256.Sum256([]byte(fingerprint))
	return hex.EncodeToString(sum[:8])
}

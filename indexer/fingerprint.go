package indexer

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"dalil/corpus"
)

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

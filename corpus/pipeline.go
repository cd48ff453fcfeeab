package corpus

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
)

// Pipeline names everything that shapes the content of a collection. Collections
// can be compared, and a collection can be opened, only if the pipelines are equal.
// The lexicon is not part of it, because it affects questions only.
type Pipeline struct {
	Model         string `json:"model"`
	ModelRevision string `json:"model_revision"`
	Dimensions    int    `json:"dimensions"`
	PassagePrefix string `json:"passage_prefix,omitempty"`
	QueryPrefix   string `json:"query_prefix,omitempty"`
	Pooling       string `json:"pooling,omitempty"`
	// Fields of the request that say whether a text is a question or a passage, as canonical
	// JSON.
	PassageParameters string `json:"passage_parameters,omitempty"`
	QueryParameters   string `json:"query_parameters,omitempty"`
	Analyzer          string `json:"analyzer"`
	Chunker           string `json:"chunker"`
}

// Fingerprint returns the first 16 hexadecimal digits of the SHA-256 of the
// pipeline's canonical JSON.
func (p Pipeline) Fingerprint() string {
	b, err := json.Marshal(p)
	if err != nil { // a struct of strings and an int always marshals
		panic(err)
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:8])
}

func (p Pipeline) String() string {
	s := fmt.Sprintf("%s (model %s@%s, %d dimensions, analyzer %s, chunker %s", p.Fingerprint(), p.Model, p.ModelRevision, p.Dimensions, p.Analyzer, p.Chunker)
	if p.QueryPrefix != "" || p.PassagePrefix != "" {
		s += fmt.Sprintf(", prefixes %q and %q", p.QueryPrefix, p.PassagePrefix)
	}
	if p.Pooling != "" {
		s += ", pooling " + p.Pooling
	}
	if p.QueryParameters != "" || p.PassageParameters != "" {
		s += fmt.Sprintf(", parameters %s and %s", p.QueryParameters, p.PassageParameters)
	}
	return s + ")"
}

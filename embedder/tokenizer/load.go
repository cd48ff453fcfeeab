package tokenizer

import (
	"encoding/json"
	"fmt"
)

// MaxFile is the largest tokenizer.json that Load reads, in bytes.
const MaxFile = 128 << 20

const fileVersion = "1.0"

// document is tokenizer.json.
type document struct {
	Version       string           `json:"version"`
	Truncation    json.RawMessage  `json:"truncation"`
	Padding       json.RawMessage  `json:"padding"`
	AddedTokens   []addedTokenJSON `json:"added_tokens"`
	Normalizer    json.RawMessage  `json:"normalizer"`
	PreTokenizer  json.RawMessage  `json:"pre_tokenizer"`
	PostProcessor json.RawMessage  `json:"post_processor"`
	Decoder       json.RawMessage  `json:"decoder"`
	Model         json.RawMessage  `json:"model"`
}

// Load reads a tokenizer.json. It refuses an unknown step by name, because leaving
// it out would give wrong ids silently. It ignores truncation and padding in the
// file: the ids are those of the whole text. Every error matches [ErrFormat].
func Load(data []byte) (*Tokenizer, error) {
	if len(data) > MaxFile {
		return nil, fmt.Errorf("%w: a file of %d bytes, more than %d", ErrFormat, len(data), MaxFile)
	}
	var d document
	if err := json.Unmarshal(data, &d); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	if d.Version != fileVersion && d.Version != "" {
		return nil, fmt.Errorf("%w: version %q, not %q", ErrFormat, clip(d.Version), fileVersion)
	}
	m, err := parseModel(d.Model)
	if err != nil {
		return nil, err
	}
	words, err := NewSplitter(d.Normalizer, d.PreTokenizer)
	if err != nil {
		return nil, err
	}
	t := newTokenizer(words, m)
	t.raw = &d
	if len(d.AddedTokens) > 0 {
		if t.added, err = newAddedTokens(d.AddedTokens, words, m); err != nil {
			return nil, err
		}
	}
	if t.special, err = parseFraming(d.PostProcessor, 0); err != nil {
		return nil, err
	}
	t.memo = newMemo(words)
	return t, nil
}

// JSON writes the tokenizer as tokenizer.json; equal tokenizers give equal
// bytes.
func (t *Tokenizer) JSON() ([]byte, error) {
	d := *t.raw
	if m, ok := t.model.(*unigram); ok && d.Model == nil {
		d.Model = m.marshal()
		d.Truncation, d.Padding, d.PostProcessor, d.Decoder = orNull(nil), orNull(nil), orNull(nil), orNull(nil)
		d.AddedTokens = []addedTokenJSON{}
	}
	return mustMarshal(d), nil
}

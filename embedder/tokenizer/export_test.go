package tokenizer

import (
	"encoding/json"
	"testing"
)

// WithoutMemo gives the same tokenizer without its memory of words, and
// whether there was one.
func (t *Tokenizer) WithoutMemo() (*Tokenizer, bool) {
	plain := newTokenizer(t.words, t.model)
	plain.added, plain.special, plain.raw = t.added, t.special, t.raw
	return plain, t.memo != nil
}

// ArabicSteps gives the steps of ArabicNormalizer, each alone.
func ArabicSteps(t testing.TB) []*Splitter {
	t.Helper()
	var j normalizerJSON
	if err := json.Unmarshal(ArabicNormalizer(), &j); err != nil {
		t.Fatal(err)
	}
	var out []*Splitter
	for _, step := range j.Normalizers {
		s, err := NewSplitter(step, nil)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, s)
	}
	return out
}

package training

import (
	"slices"
	"strings"
	"testing"

	"dalil/embedder/tokenizer"
)

func TestLearnVocabulary(t *testing.T) {
	texts := []string{
		strings.Repeat("water flows under the bridge ", 30), strings.Repeat("the river carries water ", 30),
		strings.Repeat("الماء في النهر ", 30), "quick brown foxes jump over lazy dogs", "zebra",
	}
	const size = 80
	pieces, err := LearnVocabulary(texts, size)
	if err != nil {
		t.Fatal(err)
	}
	if len(pieces) > size || pieces[0].Text != "[UNK]" {
		t.Errorf("got %d pieces, the first %q", len(pieces), pieces[0].Text)
	}
	words, err := NewTokenizer(pieces)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range texts {
		if slices.Contains(words.AppendIDs(nil, text), 0) {
			t.Errorf("%q holds a letter that is not a piece", text)
		}
	}
	for _, word := range []string{"water", "the", "river", "bridge", "الماء"} {
		if ids := words.AppendIDs(nil, word); len(ids) != 1 {
			t.Errorf("%q is %d pieces, want 1", word, len(ids))
		}
	}
	if ids := words.AppendIDs(nil, "zebra"); len(ids) < 2 {
		t.Errorf("a rare word is %d pieces", len(ids))
	}
	slices.Reverse(texts)
	again, err := LearnVocabulary(texts, size)
	if err != nil || !slices.Equal(pieces, again) {
		t.Errorf("the order of the texts changes the pieces (%v)", err)
	}
	if !slices.IsSortedFunc(pieces[1:], func(a, b tokenizer.Piece) int {
		switch {
		case a.Score > b.Score:
			return -1
		case a.Score < b.Score:
			return 1
		}
		return 0
	}) {
		t.Error("the pieces do not fall by score")
	}
	if _, err := LearnVocabulary([]string{"", " "}, size); err == nil {
		t.Error("no words: got no error")
	}
}

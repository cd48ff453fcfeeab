package searcher

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"dalil/chunker"
	"dalil/corpus"
)

// Sentences that are read from their lengths must be those of the text, and lengths of another text
// must not be used.
func TestSentencesFromTheirLengths(t *testing.T) {
	pieces := []string{"Water is scarce. ", "قال: نعم! ", "e.g. 3.5 km", "\n\n", "؟ ", "“Why?” ", "東京。", " ", "ماء", "a"}
	text := rapid.Custom(func(t *rapid.T) (text string) {
		for range rapid.IntRange(0, 30).Draw(t, "pieces") {
			text += rapid.SampledFrom(pieces).Draw(t, "piece")
		}
		return text
	})
	rapid.Check(t, func(t *rapid.T) {
		one, other := text.Draw(t, "text"), text.Draw(t, "other")
		before := []corpus.Span{{Start: 3, End: 5}}
		want := append(slices.Clone(before), chunker.Sentences(one)...)
		if got := appendSentences(slices.Clone(before), one, appendLengths(nil, one)); !slices.Equal(got, want) {
			t.Fatalf("%q: sentences %v, want %v", one, got, want)
		}
		if len(one) != len(other) {
			if got := appendSentences(slices.Clone(before), one, appendLengths(nil, other)); !slices.Equal(got, want) {
				t.Fatalf("%q with the lengths of %q: sentences %v, want %v", one, other, got, want)
			}
		}
		damaged := rapid.SliceOfN(rapid.Byte(), 0, 20).Draw(t, "damaged")
		end := 0
		for _, s := range appendSentences(nil, one, damaged) {
			if s.Start != end || s.End < s.Start {
				t.Fatalf("%q with the lengths %x: a sentence at %v behind %d", one, damaged, s, end)
			}
			end = s.End
		}
		if end != len(one) {
			t.Fatalf("%q with the lengths %x: the sentences end at %d", one, damaged, end)
		}
	})
}

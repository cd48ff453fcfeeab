package searcher

import (
	"encoding/binary"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"dalil/chunker"
	"dalil/corpus"
	"dalil/lexical"
	"dalil/store"
)

// A profile has the lengths of its passage's sentences, and the excerpt is chosen from these.
func TestProfilesHaveTheLengthsOfSentences(t *testing.T) {
	text := "Water is scarce. Why? قل الماء في المدن. " + strings.Repeat("Rain ", 100) + "falls."
	p := newProfiler(Deps{Analyzer: lexical.NewAnalyzer()})
	var want []byte
	for _, s := range chunker.Sentences(text) {
		want = binary.AppendUvarint(want, uint64(s.End-s.Start))
	}
	read, ok := parseProfile(p.Profile(&store.Point{Chunk: corpus.Chunk{Text: text}}))
	if !ok || len(read.words) == 0 || !slices.Equal(read.lengths, want) || len(want) < 4 {
		t.Fatalf("the profile has words of %d bytes and the lengths %v, want %v", len(read.words), read.lengths, want)
	}
	var s sentences
	s.cut("Water is scarce.", nil, &wordMatches{lengths: []byte{6, 3, 7}}, new(memory)) // other sentences than it has
	if want := []corpus.Span{{Start: 0, End: 6}, {Start: 6, End: 9}, {Start: 9, End: 16}}; !slices.Equal(s.spans, want) {
		t.Errorf("the sentences are %v, want those of the lengths: %v", s.spans, want)
	}
}

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
			if s.Start != end || s.End <= s.Start {
				t.Fatalf("%q with the lengths %x: a sentence at %v behind %d", one, damaged, s, end)
			}
			end = s.End
		}
		if end != len(one) {
			t.Fatalf("%q with the lengths %x: the sentences end at %d", one, damaged, end)
		}
	})
}

package lexical

import (
	"slices"
	"strings"

	"dalil/corpus"
)

// A name is written in several ways, also in one language, and people misspell it. So a text lacks a name only if
// none of its words resembles it.

// Resembles reports whether a text has a word that may be the name in another spelling, form or script. Its time is linear in
// len(text).
func (x *Expander) Resembles(n *AskedName, text string) bool {
	for _, t := range x.analyzer.Terms(text) {
		bare := bareWord(x.analyzer, &t)
		for i := range n.words {
			w := &n.words[i]
			switch {
			case t.Script == w.script:
				if Respelled(w.word, bare) || Respelled(w.stem, t.Stem) || slices.Contains(w.others, t.Stem) {
					return true
				}
			case t.Script == Arabic, t.Script == Latin && t.Upper:
				if mayBe(w.skeletons, skeletons(nil, t.Word, t.Script)) {
					return true
				}
			}
		}
	}
	return false
}

// Two words of one script are alike if one begins with the other and has at most mostEnding letters more, or if at most one letter
// in lettersPerEdit differs, and at most mostEdits letters.
const (
	mostEnding     = 4
	lettersPerEdit = 4
	mostEdits      = 2
)

// Respelled reports whether two normalised words of one script may be one name in two spellings or forms.
func Respelled(a, b string) bool {
	short, long := []rune(a), []rune(b)
	if len(short) > len(long) {
		a, b, short, long = b, a, long, short
	}
	if len(short) < leastName {
		return false
	}
	if strings.HasPrefix(b, a) && len(long)-len(short) <= mostEnding {
		return true
	}
	return within(short, long, min((len(long)-1)/lettersPerEdit, mostEdits))
}

// leastSounds is the fewest consonants of a name in another script that is recognised although it has another ending.
const leastSounds = 3

// mayBe reports whether two words of different scripts may be one name: one sounds like the other, or like the other with an
// ending (Islamist, إسلامي).
func mayBe(a, b []string) bool {
	return anyPair(a, b, func(one, other string) bool {
		return soundsLike(one, other) ||
			min(len(one), len(other)) >= leastSounds && (strings.HasPrefix(one, other) || strings.HasPrefix(other, one))
	})
}

// longSounds is the fewest consonants of words that sound alike although one consonant differs.
const longSounds = 4

// soundsLike reports whether two skeletons are equal, or long and differ in one letter.
func soundsLike(a, b string) bool {
	return a == b || min(len(a), len(b)) >= longSounds && within([]rune(a), []rune(b), 1)
}

// anyPair reports whether one of a and one of b match.
func anyPair(a, b []string, match func(one, other string) bool) bool {
	return slices.ContainsFunc(a, func(one string) bool {
		return slices.ContainsFunc(b, func(other string) bool { return match(one, other) })
	})
}

// within reports whether at most so many edits ([corpus.Edits]) make b of a.
func within(a, b []rune, most int) bool {
	return len(a)-len(b) <= most && len(b)-len(a) <= most && corpus.Edits(a, b) <= most
}

package tokenizer

import (
	"bytes"
	"unicode"
	"unicode/utf8"
)

// preTokenizer cuts one word into words. It reports whether its first one
// begins where the given one does; leading: the given one begins the text.
type preTokenizer interface {
	split(out *wordList, word []byte, leading bool, w *wordsSpace) (atStart bool)
}

// segment is a stretch of a word up to end that a pattern matches, or a
// stretch between two matches.
type segment struct {
	end   int
	match bool
}

// behavior says what becomes of the stretches that a pattern matches; the
// names are the reference's.
type behavior string

const (
	removed            behavior = "Removed"
	isolated           behavior = "Isolated"
	mergedWithPrevious behavior = "MergedWithPrevious"
	mergedWithNext     behavior = "MergedWithNext"
	contiguous         behavior = "Contiguous"
)

// cut appends the parts of word that behavior makes of its segments.
func (b behavior) cut(out *wordList, word []byte, segments []segment) (atStart bool) {
	start, atStart := 0, true
	for i, s := range segments {
		last := i == len(segments)-1
		switch b {
		case removed:
			if s.match {
				atStart = atStart && start > 0
				start = s.end
				continue
			}
		case mergedWithPrevious:
			// A match joins the segment before it, unless that is a match too.
			if !s.match && !last && segments[i+1].match {
				continue
			}
		case mergedWithNext:
			// A match joins what follows, unless that is a match too.
			if s.match && !last && !segments[i+1].match {
				continue
			}
		case contiguous:
			if !last && segments[i+1].match == s.match {
				continue
			}
		}
		out.add(word[start:s.end])
		start = s.end
	}
	return atStart
}

// letterSplit matches every single letter that is.
type letterSplit struct {
	is func(rune) bool
	behavior
}

func (p letterSplit) split(out *wordList, word []byte, _ bool, w *wordsSpace) bool {
	w.segments = w.segments[:0]
	start := 0 // of the stretch that does not match
	for at := 0; at < len(word); {
		r, n := utf8.DecodeRune(word[at:])
		if p.is(r) {
			if start < at {
				w.segments = append(w.segments, segment{at, false})
			}
			start = at + n
			w.segments = append(w.segments, segment{start, true})
		}
		at += n
	}
	if start < len(word) {
		w.segments = append(w.segments, segment{len(word), false})
	}
	return p.cut(out, word, w.segments)
}

// wordSplit keeps runs of word letters and runs of other visible letters: the
// pattern \w+|[^\w\s]+ of the reference's Whitespace.
type wordSplit struct{}

func (wordSplit) split(out *wordList, word []byte, _ bool, _ *wordsSpace) (atStart bool) {
	const space, letter, other = 0, 1, 2
	start, kind := 0, space
	for at := 0; at < len(word); {
		r, n := utf8.DecodeRune(word[at:])
		k := other
		switch {
		case isWordLetter(r):
			k = letter
		case unicode.IsSpace(r):
			k = space
		}
		if at == 0 {
			atStart = k != space
		}
		if k != kind {
			if kind != space {
				out.add(word[start:at])
			}
			start, kind = at, k
		}
		at += n
	}
	if kind != space {
		out.add(word[start:])
	}
	return atStart
}

// metaspace writes spaces as a visible letter and cuts before each
// (SentencePiece's ▁).
type metaspace struct {
	replacement string
	scheme      string // always, first (only the text's beginning) or never gets the letter set before it
	cut         bool
}

func (p metaspace) split(out *wordList, word []byte, leading bool, w *wordsSpace) bool {
	w.spare = w.spare[:0]
	if p.scheme == "always" || p.scheme == "first" && leading {
		if word[0] != ' ' && !bytes.HasPrefix(word, []byte(p.replacement)) {
			w.spare = append(w.spare, p.replacement...)
		}
	}
	for _, c := range word {
		if c == ' ' {
			w.spare = append(w.spare, p.replacement...)
		} else {
			w.spare = append(w.spare, c)
		}
	}
	if !p.cut {
		out.add(w.spare)
		return true
	}
	mark, _ := utf8.DecodeRuneInString(p.replacement)
	return letterSplit{func(r rune) bool { return r == mark }, mergedWithNext}.split(out, w.spare, false, w)
}

// fixedLength cuts after every n letters.
type fixedLength struct{ n int }

func (p fixedLength) split(out *wordList, word []byte, _ bool, _ *wordsSpace) bool {
	for len(word) > 0 {
		end := 0
		for i := 0; i < p.n && end < len(word); i++ {
			_, n := utf8.DecodeRune(word[end:])
			end += n
		}
		out.add(word[:end])
		word = word[end:]
	}
	return true
}

// The classes of letters as the reference has them.

func isPunctuation(r rune) bool {
	if r < utf8.RuneSelf { // every mark of ASCII, symbols too
		return r > ' ' && r < 0x7f && !('0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z')
	}
	return unicode.Is(unicode.P, r)
}

func isNumeric(r rune) bool { return unicode.Is(unicode.N, r) }

// isWordLetter is \w of the regex crate (UTS 18, annex C).
func isWordLetter(r rune) bool {
	if r < utf8.RuneSelf {
		return r == '_' || '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
	}
	return unicode.In(r, unicode.L, unicode.M, unicode.Nd, unicode.Nl, unicode.Pc, unicode.Other_Alphabetic, unicode.Join_Control)
}

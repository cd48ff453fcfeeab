// Package lexical turns text into stems and stems into sparse vectors: the
// lexical arm. It analyses Arabic and English in full, and other scripts well
// enough that their words are found. Start with [Analyzer.Terms] and
// [Encoder.Passage].
package lexical

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"dalil/corpus"
)

// Script is what a word is written in, as far as stemming and direction care.
type Script uint8

// The scripts. Digits, ideographs and every alphabet beside the two are Other.
const (
	Other Script = iota
	Arabic
	Latin
)

func (s Script) String() string {
	switch s {
	case Arabic:
		return "arabic"
	case Latin:
		return "latin"
	}
	return "other"
}

// Term is one word of a text, as the index sees it.
type Term struct {
	Stem    string      // what is indexed
	Word    string      // the normalised word before stemming: folded, lower case, at most MaxWordBytes
	Span    corpus.Span // of the word in the original text
	Script  Script
	Capital bool // the original began with a capital letter and is not the text's first word
	Stop    bool // a stop word; only Words returns those
	Upper   bool // of a Latin word: the original holds a capital letter
}

// MaxWordBytes is how much of a normalised word counts. What is longer
// (base64, an endless word) is known by its beginning: both sides of a search
// cut at the same place, so it is still found.
const MaxWordBytes = 128

// analyzerName changes whenever a text could come to other stems or hashes: it
// is part of the pipeline fingerprint, so old collections are refused instead
// of silently missing words.
const analyzerName = "ar-en-3"

// Analyzer cuts text into terms. It is safe for concurrent use, and must not be
// copied.
type Analyzer struct {
	folds    *folds
	tables   *tables
	scanners sync.Pool // *scanner; scratch only, no state outlives a call

	remembered remembered
	profiling  sync.Pool // *profiling, likewise
}

// NewAnalyzer returns the analyzer of Arabic, English and any other script.
func NewAnalyzer() *Analyzer {
	f := newFolds()
	a := &Analyzer{folds: f, tables: newTables(f)}
	a.scanners.New = func() any { return newScanner(a) }
	a.profiling.New = func() any { return new(profiling) }
	return a
}

// Name is the analyzer's versioned name, for the pipeline fingerprint.
func (a *Analyzer) Name() string { return analyzerName }

// Terms returns the words of text in reading order, without stop words.
// Invalid UTF-8 separates words. Time and memory are linear in len(text).
func (a *Analyzer) Terms(text string) []Term { return a.AppendTerms(nil, text) }

// AppendTerms appends what [Analyzer.Terms] returns to dst. The terms' strings
// share two allocations per block of a few kilobytes.
func (a *Analyzer) AppendTerms(dst []Term, text string) []Term {
	return a.appendTerms(dst, text, false)
}

// Words is Terms with the stop words kept and marked, for alignment and for
// showing what a question was read as.
func (a *Analyzer) Words(text string) []Term { return a.AppendWords(nil, text) }

// AppendWords appends what [Analyzer.Words] returns to dst.
func (a *Analyzer) AppendWords(dst []Term, text string) []Term { return a.appendTerms(dst, text, true) }

func (a *Analyzer) appendTerms(dst []Term, text string, stops bool) []Term {
	s := a.scanners.Get().(*scanner)
	defer s.release()
	for s.reset(text); s.block(); {
		// Words are pieces of the block; most stems are pieces of their word.
		// The few that are not are gathered and cut from one string.
		block := string(s.buf)
		s.changed = s.changed[:0]
		first := len(dst)
		for i := range s.words {
			w := &s.words[i]
			if w.stop && !stops {
				continue
			}
			t := Term{
				Word: block[w.lo:w.hi], Span: corpus.Span{Start: w.start, End: w.end}, Script: w.script, Stop: w.stop,
				Capital: w.ordinal > 0 && capital(text[w.start:]),
			}
			if w.script == Latin {
				t.Upper = strings.IndexFunc(text[w.start:w.end], unicode.IsUpper) >= 0
			}
			if w.inPlace {
				t.Stem = block[w.stemLo:w.stemHi]
			} else {
				s.changed = append(s.changed, change{term: len(dst), lo: w.stemLo, hi: w.stemHi})
			}
			dst = append(dst, t)
		}
		if len(s.changed) > 0 && len(dst) > first {
			stems := string(s.stems)
			for _, c := range s.changed {
				dst[c.term].Stem = stems[c.lo:c.hi]
			}
		}
	}
	return dst
}

// Stem returns the stem of one word: the last term's where word holds several,
// "" where it holds none.
func (a *Analyzer) Stem(word string) string {
	terms := a.Words(word)
	if len(terms) == 0 {
		return ""
	}
	return strings.Clone(terms[len(terms)-1].Stem)
}

func capital(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsUpper(r) || unicode.IsTitle(r)
}

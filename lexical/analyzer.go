// Package lexical is the lexical arm: it turns text into stems, and stems into
// sparse vectors. It analyses Arabic and English completely, and other scripts well
// enough to find their words. Start with [Analyzer.Terms] and [Encoder.Passage].
package lexical

import (
	"hash/maphash"
	"sync"
	"sync/atomic"
	"unicode"
	"unicode/utf8"

	"dalil/corpus"
)

// Script is the script of a word, as far as stemming and direction need it.
type Script uint8

// The scripts. Digits, ideographs and all other alphabets are Other.
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

// Term is one word of a text in the form that is indexed.
type Term struct {
	Stem    string      // what is indexed
	Word    string      // the normalised word before stemming: folded, lower case, at most MaxWordBytes
	Span    corpus.Span // of the word in the original text
	Script  Script
	Capital bool // the original began with a capital letter and is not the text's first word
	Stop    bool // a stop word; only Words returns those
	Upper   bool // of a Latin word: the original contains a capital letter
}

// MaxWordBytes is the largest number of bytes of a normalised word. Longer words
// (base64, words without end) are cut. Passages and questions cut them at the same
// place, so they are still found.
const MaxWordBytes = 128

// analyzerName changes whenever a text could get other stems or hashes. It is part
// of the pipeline fingerprint, so old collections are refused instead of silently
// not finding words.
const analyzerName = "ar-en-3"

// Analyzer divides text into terms. It is safe for concurrent use, and must not be
// copied.
type Analyzer struct {
	folds    *folds
	tables   *tables
	scanners sync.Pool // *scanner; scratch only, no state outlives a call

	vocabulary vocabulary
	recent     recent
	profiled   atomic.Bool // Profile was called, so the next passages may get profiles too
	profiling  sync.Pool   // *profiling, likewise
}

// NewAnalyzer returns the analyzer of Arabic, English and any other script.
func NewAnalyzer() *Analyzer {
	f := newFolds()
	a := &Analyzer{folds: f, tables: newTables(f)}
	a.vocabulary.seed = maphash.MakeSeed()
	a.scanners.New = func() any { return newScanner(a) }
	a.profiling.New = func() any { return new(profiling) }
	return a
}

// Name returns the analyzer's versioned name, for the pipeline fingerprint.
func (a *Analyzer) Name() string { return analyzerName }

// Terms returns the words of text in reading order, without stop words.
// Invalid UTF-8 separates words. Time and memory are linear in len(text).
func (a *Analyzer) Terms(text string) []Term { return a.AppendTerms(nil, text) }

// AppendTerms appends what [Analyzer.Terms] returns to dst. Frequent words cost no
// memory: their strings are shared.
func (a *Analyzer) AppendTerms(dst []Term, text string) []Term {
	return a.appendTerms(dst, text, false)
}

// Words returns the words like Terms, but keeps and marks stop words. It is for
// alignment and for explanations of a question.
func (a *Analyzer) Words(text string) []Term { return a.AppendWords(nil, text) }

// AppendWords appends what [Analyzer.Words] returns to dst.
func (a *Analyzer) AppendWords(dst []Term, text string) []Term { return a.appendTerms(dst, text, true) }

func (a *Analyzer) appendTerms(dst []Term, text string, stops bool) []Term {
	s := a.scanners.Get().(*scanner)
	defer s.release()
	for s.reset(text); s.block(); {
		for i := range s.words {
			w := &s.words[i]
			if w.stop && !stops {
				continue
			}
			dst = append(dst, Term{
				Word: w.known.word, Stem: w.known.stem, Span: corpus.Span{Start: w.start, End: w.end}, Script: w.script, Stop: w.stop,
				Capital: w.ordinal > 0 && capital(text[w.start:]), Upper: s.upper(w),
			})
		}
	}
	return dst
}

// Stem returns the stem of one word. If word contains several words, it returns the
// stem of the last one, and "" if it contains none.
func (a *Analyzer) Stem(word string) string {
	terms := a.Words(word)
	if len(terms) == 0 {
		return ""
	}
	return terms[len(terms)-1].Stem
}

func capital(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsUpper(r) || unicode.IsTitle(r)
}

package lexical

import (
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/words"
	"golang.org/x/text/unicode/norm"
)

// Text is analysed in blocks that end before white space, so that scratch
// memory stays in the cache and does not grow with the text.
const (
	blockBytes    = 4 << 10  // a block ends at the first white space past this
	blockMaxBytes = 16 << 10 // and here at the latest, between two characters
)

// scanner is the scratch of one pass over one text.
type scanner struct {
	analyzer *Analyzer
	text     string
	next     int // where the next block begins in text
	ordinal  int // words seen so far

	// The normalised block; from[i] and to[i] are where the character that
	// buf[i] came from begins and ends in text.
	buf      []byte
	from, to []int
	daggers  []int  // where in buf a dagger alif was left out
	emitted  int    // len(buf) before the last character, to take it back
	skip     int    // buf is read up to here
	letters  []byte // of the plain words of the block, folded
	hamzaYa  bool   // the last letter was ئ
	segments *words.Iterator[[]byte]
	form     norm.Iter

	words     []word
	classical []word // scratch of readClassical
}

// word is a word of the current block.
type word struct {
	lo, hi     int // in buf, or in letters if the word is plain
	start, end int // in text
	ordinal    int // in the text, stop words counted
	index      int // in the block
	script     Script
	stop       bool
	plain      bool
	upper      bool // of a plain word: it has a capital
	hash       uint64
	touched    uint64 // see finishAll
	known      *known
}

func newScanner(a *Analyzer) *scanner {
	return &scanner{analyzer: a, segments: words.FromBytes(nil)}
}

func (s *scanner) reset(text string) {
	s.text, s.next, s.ordinal = text, 0, 0
}

// release gives the scratch back, without holding on to the text.
func (s *scanner) release() {
	s.text = ""
	s.analyzer.scanners.Put(s)
}

// block reads the next block into words; false at the end of the text.
func (s *scanner) block() bool {
	if s.next >= len(s.text) {
		return false
	}
	start := s.begin()
	s.read(start, s.next)
	s.end()
	return true
}

// begin begins the next block, which ends at s.next, and returns where it begins.
func (s *scanner) begin() (start int) {
	start = s.next
	s.next = blockEnd(s.text, start)
	s.buf, s.from, s.to, s.skip = s.buf[:0], s.from[:0], s.to[:0], 0
	s.words, s.daggers, s.letters = s.words[:0], s.daggers[:0], s.letters[:0]
	return start
}

// end finds out what the words of the block are.
func (s *scanner) end() {
	s.readClassical()
	s.finishAll()
}

// folded is a word after folding.
func (s *scanner) folded(w *word) []byte {
	if w.plain {
		return s.letters[w.lo:w.hi]
	}
	return s.buf[w.lo:w.hi]
}

func blockEnd(text string, start int) int {
	if len(text)-start <= blockBytes {
		return len(text)
	}
	end := min(len(text), start+blockMaxBytes)
	for i := start + blockBytes; i < end; i++ {
		if c := text[i]; c == ' ' || c == '\n' || c == '\t' || c == '\r' {
			return i
		}
	}
	for i := end; end < len(text) && i > end-utf8.UTFMax; i-- {
		if utf8.RuneStart(text[i]) {
			return i
		}
	}
	return end
}

// normalise folds text[start:end] into buf, with the place each byte is from.
func (s *scanner) normalise(start, end int) {
	f, text := s.analyzer.folds, s.text
	s.hamzaYa, s.emitted = false, len(s.buf) // nothing of what was read before is taken back
	last := start                            // where the last character began
	for i := start; i < end; {
		c := text[i]
		if c < utf8.RuneSelf {
			s.emitted, s.hamzaYa, last = len(s.buf), false, i
			s.emit(byte(f.low[c]), i, i+1)
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:end])
		switch {
		case r == utf8.RuneError && size <= 1:
			s.put(' ', i, i+1) // a broken byte separates words
			i++
			last = i
		case r < rune(len(f.low)) && f.fast[r]:
			s.put(r, i, i+size)
			if f.low[r] != dropRune {
				last = i
			}
			i += size
		default:
			from := i
			if i > last && !norm.NFKC.PropertiesString(text[i:end]).BoundaryBefore() {
				// It may combine with the character before it: take that back.
				s.takeBack()
				from = last
			}
			i = s.compose(from, i, end)
			last = i
			s.emitted = len(s.buf)
		}
	}
}

// compose brings the run of text that begins at i and includes the character
// at must to NFKC and folds it. It returns where the run ends: before a
// character that needs no composing.
func (s *scanner) compose(i, must, end int) int {
	f := s.analyzer.folds
	stop := i
	for stop < end {
		r, size := utf8.DecodeRuneInString(s.text[stop:end])
		if stop > must && (r == utf8.RuneError && size <= 1 || r < rune(len(f.low)) && f.fast[r]) {
			break
		}
		stop += size
	}
	run := s.text[i:stop]
	if norm.NFKC.QuickSpanString(run) == len(run) {
		for k, r := range run {
			s.put(r, i+k, i+k+utf8.RuneLen(r))
		}
		return stop
	}
	s.form.InitString(norm.NFKC, run)
	begun, first := -1, 0
	for !s.form.Done() {
		// A character that becomes several comes in pieces; all but the last
		// leave the position where it was. Their words are all of it.
		from, n := i+s.form.Pos(), len(s.buf)
		if from > begun {
			begun, first = from, n
		}
		piece := s.form.Next()
		to := i + s.form.Pos()
		for k := first; to > from && k < n; k++ {
			s.to[k] = to
		}
		for k := 0; k < len(piece); {
			r, size := utf8.DecodeRune(piece[k:])
			s.put(r, from, to)
			k += size
		}
	}
	return stop
}

// put folds one rune of NFKC text into buf.
func (s *scanner) put(r rune, from, to int) {
	folded := s.analyzer.folds.fold(r)
	if folded == dropRune {
		if r == daggerAlif {
			s.dagger()
		}
		s.stretch(to)
		return
	}
	s.emitted = len(s.buf)
	if folded == multiRune {
		for _, c := range []byte(s.analyzer.folds.multi[r]) {
			s.emit(c, from, to)
		}
		s.hamzaYa = false
		return
	}
	if folded == 'و' && s.hamzaYa {
		// مسئول and مسؤول, شئون and شؤون: one hamza, two habits.
		copy(s.buf[len(s.buf)-2:], "و")
	}
	s.hamzaYa = r == 'ئ'
	n := len(s.buf)
	s.buf = utf8.AppendRune(s.buf, folded)
	for range len(s.buf) - n {
		s.from, s.to = append(s.from, from), append(s.to, to)
	}
}

func (s *scanner) emit(c byte, from, to int) {
	s.buf = append(s.buf, c)
	s.from, s.to = append(s.from, from), append(s.to, to)
}

// stretch extends a character over a mark on it that is left out.
func (s *scanner) stretch(to int) {
	if n := len(s.buf); n > s.emitted {
		for i := s.emitted; i < n; i++ {
			s.to[i] = to
		}
	}
}

package lexical

import (
	"bytes"
	"slices"
)

// Classical and Quranic spelling leaves letters out that modern spelling has: a
// dagger alif means ا in ٱلْعَـٰلَمِينَ and not in ٱلرَّحْمَـٰنِ, for the letter below
// it in ٱلصَّلَوٰةَ, and ءا for آ in ٱلْقُرْءَانِ. Such a word is read both ways.

const daggerAlif = 0x670

// maxDaggers limits the additional readings of one word to three.
const maxDaggers = 2

// dagger is the place of a dagger alif that was left out.
func (s *scanner) dagger() { s.daggers = append(s.daggers, len(s.buf)) }

// takeBack removes the last character from buf, so that it can be composed with the
// next one.
func (s *scanner) takeBack() {
	s.buf, s.from, s.to = s.buf[:s.emitted], s.from[:s.emitted], s.to[:s.emitted]
	for len(s.daggers) > 0 && s.daggers[len(s.daggers)-1] > s.emitted {
		s.daggers = s.daggers[:len(s.daggers)-1]
	}
}

// readClassical adds the modern spellings of the block's classical words after
// them, with the same place in the text. It reads words and daggers in parallel, so
// its time is linear.
func (s *scanner) readClassical() {
	if len(s.daggers) == 0 && !bytes.Contains(s.buf, []byte("ءا")) {
		return
	}
	old := append(s.classical[:0], s.words...)
	s.words = s.words[:0]
	next := 0
	for _, w := range old {
		s.words = append(s.words, w)
		if w.plain || w.script != Arabic || w.hi-w.lo > MaxWordBytes {
			continue
		}
		word := s.buf[w.lo:w.hi]
		var at [maxDaggers]int
		n := 0
		for ; next < len(s.daggers) && s.daggers[next] <= w.hi; next++ {
			d := s.daggers[next]
			if d > w.lo && n < maxDaggers && !(d == w.hi && hasSuffix(word, "ي")) {
				at[n] = d - w.lo
				n++
			}
		}
		for subset := 1; subset < 1<<n; subset++ {
			s.addSpelling(w, withAlif(word, at[:n], subset))
		}
		if madda := withMadda(word); madda != nil {
			s.addSpelling(w, madda)
		}
	}
	s.classical = old
}

// addSpelling adds another spelling of a word.
func (s *scanner) addSpelling(w word, spelling []byte) {
	if len(spelling) == 0 || len(spelling) > MaxWordBytes {
		return
	}
	w.lo = len(s.buf)
	s.buf = append(s.buf, spelling...)
	w.hi = len(s.buf)
	s.words = append(s.words, w)
}

// withAlif writes ا at the places in the subset: after the letter there, or instead
// of it if it is و or ي.
func withAlif(word []byte, at []int, subset int) []byte {
	var out []byte
	from := 0
	for i, place := range at {
		if subset>>i&1 == 0 {
			continue
		}
		to := place
		if before := word[:place]; place < len(word) && (hasSuffix(before, "و") || hasSuffix(before, "ي")) {
			to -= letter
		}
		if to < from {
			continue
		}
		out = append(append(out, word[from:to]...), "ا"...)
		from = place
	}
	return append(out, word[from:]...)
}

// withMadda replaces ءا inside a word by ا, unless ا is before it as in قراءات. It
// returns nil if there is no ءا.
func withMadda(word []byte) []byte {
	for i := letter; i+3*letter <= len(word); i += letter {
		if string(word[i:i+2*letter]) == "ءا" && string(word[i-letter:i]) != "ا" {
			return append(slices.Clone(word[:i]), word[i+letter:]...)
		}
	}
	if len(word) >= 4*letter && hasPrefix(word, "ءا") {
		return slices.Clone(word[letter:])
	}
	return nil
}

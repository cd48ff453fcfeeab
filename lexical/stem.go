package lexical

// finish says whether the word is a stop word, and finds its stem.
func (s *scanner) finish(w *word) {
	t := s.analyzer.tables
	text := s.buf[w.lo:w.hi]
	w.inPlace, w.stemLo, w.stemHi = true, w.lo, w.hi
	switch w.script {
	case Arabic:
		w.stop = t.stopArabic(text)
		lo, hi := t.stemArabic(text)
		w.stemLo, w.stemHi = w.lo+lo, w.lo+hi
		if singular, ok := t.arabicPlurals[string(text[lo:hi])]; ok {
			n := len(s.stems)
			s.stems = append(s.stems, singular...)
			w.inPlace, w.stemLo, w.stemHi = false, n, len(s.stems)
		}
	case Latin:
		n := len(s.stems)
		if w.stop = t.englishStop[string(text)]; w.stop {
			stem, kept := s.keptStop(w)
			if w.stop = !kept; stem != "" {
				s.stems = append(s.stems, stem...)
				w.inPlace, w.stemLo, w.stemHi = false, n, len(s.stems)
				return
			}
		}
		if base, ok := t.englishIrregular[string(text)]; ok {
			s.stems = append(s.stems, base...)
			s.stems = stemEnglish(s.stems[:n], s.stems[n:])
		} else {
			s.stems = stemEnglish(s.stems, text)
		}
		stem := s.stems[n:]
		if m := len(stem); m <= len(text) && string(text[:m]) == string(stem) {
			s.stems = s.stems[:n]
			w.stemHi = w.lo + m
			return
		}
		w.inPlace, w.stemLo, w.stemHi = false, n, len(s.stems)
	}
}

// stopArabic reports a stop word, also behind و or ف (وهو, ولم).
func (t *tables) stopArabic(word []byte) bool {
	if t.arabicStop[string(word)] {
		return true
	}
	if len(word) > 2*letter && (hasPrefix(word, "و") || hasPrefix(word, "ف")) && t.arabicStop[string(word[letter:])] {
		return !t.arabicTwins[string(word)]
	}
	return false
}

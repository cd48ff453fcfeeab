package lexical

// finish says whether the word is a stop word, and finds its stem.
func (s *scanner) finish(w *word) {
	text := s.buf[w.lo:w.hi]
	w.inPlace, w.stemLo, w.stemHi = true, w.lo, w.hi
	switch w.script {
	case Arabic:
		w.stop = arabicStop(text)
		lo, hi := stemArabic(text)
		w.stemLo, w.stemHi = w.lo+lo, w.lo+hi
	case Latin:
		w.stop = english.stop[string(text)]
		n := len(s.stems)
		s.stems = stemEnglish(s.stems, text)
		stem := s.stems[n:]
		if m := len(stem); m <= len(text) && string(text[:m]) == string(stem) {
			s.stems = s.stems[:n]
			w.stemHi = w.lo + m
			return
		}
		w.inPlace, w.stemLo, w.stemHi = false, n, len(s.stems)
	}
}

func (s *scanner) stem(w *word) []byte {
	if w.inPlace {
		return s.buf[w.stemLo:w.stemHi]
	}
	return s.stems[w.stemLo:w.stemHi]
}

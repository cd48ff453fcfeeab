package lexical

// finish finds what the word comes to, and whether it is a stop word here.
func (s *scanner) finish(w *word) {
	w.known = s.analyzer.know(s.buf[w.lo:w.hi], w.script)
	if w.stop = w.known.listed; !w.stop || w.script != Latin {
		return
	}
	stem, kept := s.keptStop(w)
	w.stop = !kept
	if stem != "" {
		w.known = s.analyzer.stemmed(w.known, stem)
	}
}

// stem returns the stem of a normalised word, and whether it is in the list of stop words.
func (t *tables) stem(word string, script Script) (stem string, listed bool) {
	switch script {
	case Arabic:
		lo, hi := t.stemArabic([]byte(word))
		stem = word[lo:hi]
		if singular, ok := t.arabicPlurals[stem]; ok {
			stem = singular
		}
		return stem, t.stopArabic(word)
	case Latin:
		var memory [2 * MaxWordBytes]byte
		from := word
		if base, ok := t.englishIrregular[word]; ok {
			from = base
		}
		found := stemEnglish(memory[:0], []byte(from))
		if len(found) <= len(word) && word[:len(found)] == string(found) {
			return word[:len(found)], t.englishStop[word]
		}
		return string(found), t.englishStop[word]
	}
	return word, false
}

// stopArabic reports a stop word, also behind و or ف (وهو, ولم).
func (t *tables) stopArabic(word string) bool {
	if t.arabicStop[word] {
		return true
	}
	if len(word) > 2*letter && (word[:letter] == "و" || word[:letter] == "ف") && t.arabicStop[word[letter:]] {
		return !t.arabicTwins[word]
	}
	return false
}

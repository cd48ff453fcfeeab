package lexical

// finishAll finds what the words of the block come to. It takes its steps for all words
// together, so that the processor waits for the memory of many words at a time.
func (s *scanner) finishAll() {
	a := s.analyzer
	for i := range s.words {
		w := &s.words[i]
		w.index = i
		w.hash = a.vocabulary.hash(s.folded(w), w.script)
	}
	for i := range s.words {
		s.words[i].known = a.vocabulary.front(s.words[i].hash)
	}
	for i := range s.words {
		if w := &s.words[i]; w.known != nil { // read something of each cache line
			w.touched = w.known.hash + uint64(len(w.known.words)) + w.known.form
		}
	}
	for i := range s.words {
		w := &s.words[i]
		w.known = a.know(w.hash, w.known, s.folded(w), w.script)
	}
	for i := range s.words {
		s.finish(&s.words[i])
	}
}

// finish finds whether the word is a stop word here, and what it comes to then.
func (s *scanner) finish(w *word) {
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

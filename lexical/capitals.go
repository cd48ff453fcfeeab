package lexical

import "strings"

// capitals reports whether all letters of the word in the text are capitals and
// those of its neighbours are not: WHO, IT, US among other words.
func (s *scanner) capitals(w *word) bool {
	if !upper(s.text[w.start:w.end]) {
		return false
	}
	at := w.index
	for _, i := range [2]int{at - 1, at + 1} {
		if i >= 0 && i < len(s.words) && s.words[i].script == Latin {
			n := &s.words[i]
			if (n.end-n.start > 4 || s.analyzer.tables.englishStop[string(s.folded(n))]) && upper(s.text[n.start:n.end]) {
				return false // the whole line is in capitals
			}
		}
	}
	return true
}

// label reports a single capital that follows a word of its sentence: vitamin A.
func (s *scanner) label(w *word) bool {
	return w.end-w.start == 1 && w.index > 0 && upper(s.text[w.start:w.end]) && s.text[s.words[w.index-1].end:w.start] == " " &&
		s.text[w.start] != 'I'
}

func upper(text string) bool {
	return strings.IndexFunc(text, func(r rune) bool { return (r < 'A' || r > 'Z') && r != '.' }) < 0
}

// keptStop reports whether an English stop word is an ordinary word here, and
// returns its stem in that case, or "" for the usual stem.
func (s *scanner) keptStop(w *word) (stem string, kept bool) {
	switch n := w.hi - w.lo; {
	case n == 1:
		return "", s.label(w)
	case n > 4:
		return "", false
	case string(s.folded(w)) == "us":
		if text := s.text[w.start:w.end]; strings.Contains(text, ".") || s.capitals(w) {
			return "usa", true
		}
		return "", false
	}
	return "", s.capitals(w)
}

package snippet

import (
	"unicode/utf8"

	"dalil/corpus"
)

// FirstWord lets the property test reach the function alone.
var FirstWord = firstWord

// LastCut returns where a snippet that begins at start ends: by the last words alone (0:
// they do not decide), and by all words.
func LastCut(text string, start, most int) (byLast, byAll int) {
	w := window{text: text, most: most}
	w.fill(corpus.Span{Start: start, End: start}, 0)
	w.extendRight()
	limit := forward(text, start, most)
	if utf8.RuneCountInString(text[start:limit]) == most {
		byLast = lastCut(text, start, limit, most)
	}
	return byLast, w.cuts[w.to]
}

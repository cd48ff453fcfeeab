package tokenizer

import "bytes"

// stringSplit matches a fixed text.
type stringSplit struct {
	text   string
	invert bool
	behavior
}

func (p stringSplit) split(out *wordList, word []byte, _ bool, w *wordsSpace) bool {
	w.segments = w.segments[:0]
	for at := 0; at < len(word); {
		i := bytes.Index(word[at:], []byte(p.text))
		if i != 0 {
			end := len(word)
			if i > 0 {
				end = at + i
			}
			w.segments = append(w.segments, segment{end, p.invert})
			at = end
		}
		if i >= 0 {
			at += len(p.text)
			w.segments = append(w.segments, segment{at, !p.invert})
		}
	}
	return p.cut(out, word, w.segments)
}

// patternSplit matches a regular expression.
type patternSplit struct {
	*pattern
	invert bool
	behavior
}

func (p patternSplit) split(out *wordList, word []byte, _ bool, w *wordsSpace) bool {
	w.segments = p.segments(w.segments[:0], word)
	if p.invert {
		for i := range w.segments {
			w.segments[i].match = !w.segments[i].match
		}
	}
	return p.cut(out, word, w.segments)
}

package tokenizer

import (
	"encoding/json"
	"iter"
	"sync"
)

// Splitter is the front of a tokenizer: it normalises text and cuts it into
// the words that a model sees one by one. It is safe for concurrent use.
type Splitter struct {
	normal  []normalizer
	pre     []preTokenizer
	scratch sync.Pool // *wordsSpace, for Words
}

// NewSplitter makes a Splitter of a normalizer and a pre-tokenizer in the
// notation of tokenizer.json; an empty or null one does nothing.
func NewSplitter(normalizer, preTokenizer json.RawMessage) (*Splitter, error) {
	s := &Splitter{}
	var err error
	if s.normal, err = parseNormalizer(normalizer); err != nil {
		return nil, err
	}
	if s.pre, err = parsePreTokenizer(preTokenizer); err != nil {
		return nil, err
	}
	s.scratch.New = func() any { return new(wordsSpace) }
	return s, nil
}

// Words gives the words of text in order, never an empty one. A word is valid
// until the next one. Bytes that are not UTF-8 count as U+FFFD.
func (s *Splitter) Words(text string) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		space := s.scratch.Get().(*wordsSpace)
		defer s.scratch.Put(space)
		s.split((&workspace{}).validated(text), true, space)
		for i := range space.out.len() {
			if !yield(space.out.at(i)) {
				return
			}
		}
	}
}

// wordsSpace is the memory of one split.
type wordsSpace struct {
	normal, spare []byte
	out, in       wordList
	segments      []segment
}

// wordList is a list of words in one run of memory.
type wordList struct {
	bytes   []byte
	ends    []int
	leading bool // the first word begins where the text begins
}

func (l *wordList) len() int { return len(l.ends) }

func (l *wordList) at(i int) []byte {
	start := 0
	if i > 0 {
		start = l.ends[i-1]
	}
	return l.bytes[start:l.ends[i]:l.ends[i]]
}

// end closes the word whose bytes were appended since the last one; a word of
// no bytes is none.
func (l *wordList) end() {
	if n := len(l.ends); len(l.bytes) > 0 && (n == 0 || l.ends[n-1] < len(l.bytes)) {
		l.ends = append(l.ends, len(l.bytes))
	}
}

func (l *wordList) add(word []byte) {
	l.bytes = append(l.bytes, word...)
	l.end()
}

func (l *wordList) reset() { l.bytes, l.ends, l.leading = l.bytes[:0], l.ends[:0], false }

// split leaves the words of text in w.out; first: text begins the whole.
func (s *Splitter) split(text string, first bool, w *wordsSpace) {
	s.normalize(text, w)
	s.cut(w.normal, first, w)
}

// normalize leaves the normal form of text in w.normal.
func (s *Splitter) normalize(text string, w *wordsSpace) {
	w.normal = append(w.normal[:0], text...)
	for _, n := range s.normal {
		w.spare = n.appendNormal(w.spare[:0], w.normal)
		w.normal, w.spare = w.spare, w.normal
	}
}

// cut leaves the words of normal text in w.out.
func (s *Splitter) cut(text []byte, first bool, w *wordsSpace) {
	w.out.reset()
	w.out.add(text)
	w.out.leading = first
	for _, p := range s.pre {
		w.in, w.out = w.out, w.in
		w.out.reset()
		for i := range w.in.len() {
			leading := w.in.leading && i == 0
			atStart := p.split(&w.out, w.in.at(i), leading, w)
			if leading {
				w.out.leading = atStart
			}
		}
	}
}

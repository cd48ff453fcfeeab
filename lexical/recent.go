package lexical

import "sync"

// recent keeps the words of passages between [Encoder.Passage] and [Analyzer.Profile],
// which a passage passes through one after the other when it is written. Whoever takes
// the words of a text removes them; the oldest make room for new ones. It changes no
// result. It is safe for concurrent use.
type recent struct {
	mu    sync.Mutex
	texts [recentTexts]recentText
	next  int
	free  [][]Term
}

// recentTexts is how many passages may be between the two: some batches.
const recentTexts = 128

type recentText struct {
	text  string
	terms []Term // without stop words; nil: taken
}

// put keeps the words of a text that are no stop words.
func (r *recent) put(text string, words []Term) {
	r.mu.Lock()
	defer r.mu.Unlock()
	slot := &r.texts[r.next]
	r.next = (r.next + 1) % recentTexts
	terms := slot.terms
	if n := len(r.free); terms == nil && n > 0 {
		terms, r.free = r.free[n-1], r.free[:n-1]
	}
	clear(terms)
	terms = terms[:0]
	for i := range words {
		if !words[i].Stop {
			terms = append(terms, words[i])
		}
	}
	slot.text, slot.terms = text, terms
}

// appendTo appends the words of a text to dst; false: they are not kept.
func (r *recent) appendTo(dst []Term, text string) ([]Term, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i := range r.texts {
		slot := &r.texts[i]
		if slot.terms == nil || slot.text != text {
			continue
		}
		dst = append(dst, slot.terms...)
		clear(slot.terms) // lets go of the text
		r.free = append(r.free, slot.terms[:0])
		slot.text, slot.terms = "", nil
		return dst, true
	}
	return dst, false
}

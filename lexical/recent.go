package lexical

import "sync"

// recent keeps the words and profiles of passages between [Encoder.Passage] and [Analyzer.Profile],
// which a passage passes through one after the other when it is written. Whoever takes
// the words of a text removes them; the oldest make room for new ones. It changes no
// result. It is safe for concurrent use.
type recent struct {
	mu    sync.Mutex
	at    map[string]int // of texts in ring
	ring  [recentTexts]recentText
	next  int
	spare [][]occurrence
}

// recentTexts is how many passages may be between the two: some batches.
const recentTexts = 1024

type recentText struct {
	text, title string
	read        []occurrence // without stop words
	profile     Profile      // nil: it was not made
}

// put keeps the words of a text that are no stop words, and its profile with a title.
func (r *recent) put(title, text string, read []occurrence, profile Profile) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, held := r.at[text]; held {
		return
	}
	if r.at == nil {
		r.at = make(map[string]int, recentTexts)
	}
	slot := &r.ring[r.next]
	kept := slot.read
	if at, held := r.at[slot.text]; held && at == r.next { // it is still there
		delete(r.at, slot.text)
		clear(kept)
	} else if n := len(r.spare); n > 0 {
		kept, r.spare = r.spare[n-1], r.spare[:n-1]
	}
	kept = kept[:0]
	for i := range read {
		if !read[i].stop {
			kept = append(kept, read[i])
		}
	}
	*slot = recentText{text, title, kept, profile}
	r.at[text] = r.next
	r.next = (r.next + 1) % recentTexts
}

// appendTo appends the words of a text to dst; false: they are not kept.
func (r *recent) appendTo(dst []occurrence, text string) ([]occurrence, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	at, held := r.at[text]
	if !held {
		return dst, false
	}
	slot := &r.ring[at]
	dst = append(dst, slot.read...)
	r.remove(at)
	return dst, true
}

// profile returns the profile of a text with its title and its sparse vector; nil: it is
// not kept.
func (r *recent) profile(title, text string, dimensions []uint32) Profile {
	r.mu.Lock()
	defer r.mu.Unlock()
	at, held := r.at[text]
	if !held || r.ring[at].profile == nil || r.ring[at].title != title || !r.ring[at].profile.has(dimensions) {
		return nil
	}
	p := r.ring[at].profile
	r.remove(at)
	return p
}

// remove removes a text.
func (r *recent) remove(at int) {
	slot := &r.ring[at]
	clear(slot.read) // lets go of rare words
	r.spare = append(r.spare, slot.read[:0])
	delete(r.at, slot.text)
	*slot = recentText{}
}

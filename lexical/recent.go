package lexical

import (
	"strings"
	"sync"
)

// recent keeps the words and profiles of passages between [Encoder.Passage] and [Analyzer.Profile],
// which a passage passes through one after the other when it is written. Whoever takes
// the words of a text removes them; the oldest make room for new ones. It changes no
// result. It is safe for concurrent use.
type recent struct {
	mu   sync.Mutex
	at   map[string]int // of texts in ring
	ring [recentTexts]recentText
	next int
}

// recentTexts is how many passages may be between the two: some batches.
const recentTexts = 1024

// recentText is a passage. Its memory is used again.
type recentText struct {
	text, title string
	profile     Profile      // empty: it was not made
	read        []occurrence // without stop words
	words       bool         // read is valid
}

// put keeps the profile of a text with a title, if it is not empty. It keeps the words of
// the text that are no stop words, unless the profile will do: if the title has several
// lines, these are headings, and another profile is asked for.
func (r *recent) put(title, text string, read []occurrence, profile Profile) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, held := r.at[text]; held {
		return
	}
	if r.at == nil {
		r.at = make(map[string]int, recentTexts)
	}
	r.remove(r.next)
	slot := &r.ring[r.next]
	slot.text, slot.title, slot.profile = text, title, append(slot.profile, profile...)
	if slot.words = len(profile) == 0 || strings.Contains(title, "\n"); slot.words {
		for i := range read {
			if !read[i].stop {
				slot.read = append(slot.read, read[i])
			}
		}
	}
	r.at[text] = r.next
	r.next = (r.next + 1) % recentTexts
}

// appendTo appends the words of a text to dst; false: they are not kept.
func (r *recent) appendTo(dst []occurrence, text string) ([]occurrence, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	at, held := r.at[text]
	if !held || !r.ring[at].words {
		return dst, false
	}
	dst = append(dst, r.ring[at].read...)
	r.remove(at)
	return dst, true
}

// appendProfile appends the profile of a text with its title and its sparse vector; false:
// it is not kept.
func (r *recent) appendProfile(dst Profile, title, text string, dimensions []uint32) (Profile, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	at, held := r.at[text]
	if !held || len(r.ring[at].profile) == 0 || r.ring[at].title != title || !r.ring[at].profile.has(dimensions) {
		return dst, false
	}
	dst = append(dst, r.ring[at].profile...)
	r.remove(at)
	return dst, true
}

// remove removes a text.
func (r *recent) remove(at int) {
	slot := &r.ring[at]
	if where, held := r.at[slot.text]; held && where == at {
		delete(r.at, slot.text)
	}
	clear(slot.read) // lets go of rare words
	*slot = recentText{profile: slot.profile[:0], read: slot.read[:0]}
}

package static

import (
	"strings"
	"sync"

	"dalil/embedder/tokenizer"
)

// recent keeps the tokens of passages between [Embedder.Embed] and [Scorer.Profile],
// which a passage passes through one after the other when it is written. The text that is
// embedded ends with the text of the profile, so texts are found by their last bytes.
// Whoever takes a text removes it; the oldest make room for new ones. It changes no
// result. It is safe for concurrent use.
type recent struct {
	mu    sync.Mutex
	at    map[string]int // by the end of the text, in ring
	ring  [recentTexts]*reading
	next  int
	spare []*reading
}

const (
	recentTexts = 1024 // some batches
	recentBytes = 8 << 10
	endBytes    = 64 // of a text, by which it is found
)

// reading is a text with its known tokens.
type reading struct {
	text  string
	ids   []int32
	parts []tokenizer.Part // whose IDs count the known tokens
}

func endOf(text string) string { return text[max(0, len(text)-endBytes):] }

// room returns memory for a reading.
func (r *recent) room() *reading {
	r.mu.Lock()
	defer r.mu.Unlock()
	if n := len(r.spare); n > 0 {
		room := r.spare[n-1]
		r.spare = r.spare[:n-1]
		return room
	}
	return new(reading)
}

func (r *recent) put(t *reading) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.at == nil {
		r.at = make(map[string]int, recentTexts)
	}
	if old := r.ring[r.next]; old != nil {
		if end := endOf(old.text); r.at[end] == r.next {
			delete(r.at, end)
		}
		r.giveBack(old)
	}
	r.ring[r.next] = t
	r.at[endOf(t.text)] = r.next
	r.next = (r.next + 1) % recentTexts
}

// take returns a reading whose text ends with text, or nil.
func (r *recent) take(text string) *reading {
	r.mu.Lock()
	defer r.mu.Unlock()
	at, held := r.at[endOf(text)]
	if !held || r.ring[at] == nil || !strings.HasSuffix(r.ring[at].text, text) {
		return nil
	}
	t := r.ring[at]
	r.ring[at] = nil
	delete(r.at, endOf(text))
	return t
}

// done gives the memory of a taken reading back.
func (r *recent) done(t *reading) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.giveBack(t)
}

func (r *recent) giveBack(t *reading) {
	t.text = ""
	if len(r.spare) < recentTexts {
		r.spare = append(r.spare, t)
	}
}

// read tokenises a text; false: it is not a text that can be kept.
func (e *Embedder) read(t *reading, text string) bool {
	if len(text) > recentBytes {
		return false
	}
	var ok bool
	if t.ids, t.parts, ok = e.tokens.AppendParts(t.ids[:0], t.parts[:0], text); !ok {
		return false
	}
	t.text = text
	known, next := t.ids[:0], int32(0)
	for i := range t.parts {
		p := &t.parts[i]
		for _, id := range t.ids[next:p.IDs] {
			if id != e.unknown {
				known = append(known, id)
			}
		}
		next, p.IDs = p.IDs, int32(len(known))
	}
	t.ids = known
	return true
}

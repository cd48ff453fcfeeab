package tokenizer

import (
	"hash/maphash"
	"strings"
	"sync/atomic"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// memo remembers the ids of frequent words, so that most of a text is looked
// up and neither normalised nor searched. It is bounded, needs no locks, and
// never changes an answer: it is used only with pre-tokenizers that treat a text
// as the sum of its words.
type memo struct {
	border border
	seed   maphash.Seed
	// sets hold two words each, the one asked for last in front: on Arabic
	// text half as many words are missed as with one in twice the sets.
	sets  [memoSets][2]atomic.Pointer[memoWord]
	asked [memoSets]atomic.Uint32 // who was last missed in a full set: words that come once do not take the place of others
}

const (
	memoSets      = 1 << 16
	memoWordBytes = 34
	memoWordIDs   = 7
)

// memoWord is one cache line, so that a look-up waits for the memory once.
type memoWord struct {
	ids           [memoWordIDs]int32
	length, count uint8
	text          [memoWordBytes]byte
}

func newMemoWord(text string, ids []int32) *memoWord {
	m := &memoWord{length: uint8(len(text)), count: uint8(len(ids))}
	copy(m.text[:], text)
	copy(m.ids[:], ids)
	return m
}

func (m *memoWord) is(text string) bool {
	return int(m.length) == len(text) && string(m.text[:m.length]) == text
}

// newMemo gives nil where the front is not local to words.
func newMemo(s *Splitter) *memo {
	b, ok := s.border()
	if !ok {
		return nil
	}
	return &memo{border: b, seed: maphash.MakeSeed()}
}

// asking is a part of a text that is looked up.
type asking struct {
	start, end int
	hash       uint64
	front      *memoWord // of its set; nil: there is none
}

// memoTogether is how many parts are looked up together, so that the processor waits for
// the memory of many at a time.
const memoTogether = 64

// appendIDs appends the ids of a text. valid says that it is UTF-8; otherwise only some are
// appended.
func (m *memo) appendIDs(dst []int32, text string, t *Tokenizer, w *workspace) (ids []int32, valid bool) {
	marking := w.marking
	defer func() { w.marking = marking }()
	w.marking = false // a part between borders is one word, whatever is in it
	for start := 0; start < len(text); {
		w.asked = w.asked[:0]
		for start < len(text) && len(w.asked) < memoTogether {
			end, next := m.border.find(text, start)
			if next < 0 {
				return dst, false
			}
			if start < end {
				w.asked = append(w.asked, asking{start: start, end: end, hash: maphash.String(m.seed, text[start:end])})
			}
			start = next
		}
		for i := range w.asked {
			w.asked[i].front = m.sets[w.asked[i].hash%memoSets][0].Load()
		}
		for i := range w.asked {
			if front := w.asked[i].front; front != nil {
				w.touched += front.length
			}
		}
		for i := range w.asked {
			a := &w.asked[i]
			dst = m.appendWord(dst, text[a.start:a.end], a, t, w)
			if marking {
				w.marking = true
				w.mark(len(dst))
				w.marking = false
			}
			if w.placing {
				w.parts = append(w.parts, Part{int32(a.start), int32(a.end), int32(len(dst))})
			}
		}
	}
	return dst, true
}

func (m *memo) appendWord(dst []int32, word string, a *asking, t *Tokenizer, w *workspace) []int32 {
	if len(word) > memoWordBytes {
		t.words.split(word, true, &w.words)
		return t.appendWords(dst, w)
	}
	at, tag := a.hash%memoSets, uint32(a.hash>>32)
	set := &m.sets[at]
	front := a.front
	if front != nil && front.is(word) {
		return append(dst, front.ids[:front.count]...)
	}
	if back := set[1].Load(); back != nil && back.is(word) {
		// Of two callers that do this at once, one may undo the other's; a
		// word is forgotten then and no harm done.
		set[0].Store(back)
		set[1].Store(front)
		return append(dst, back.ids[:back.count]...)
	}
	mark := len(dst)
	t.words.split(word, true, &w.words)
	dst = t.appendWords(dst, w)
	if ids := dst[mark:]; len(ids) <= memoWordIDs {
		switch {
		case front == nil:
			set[0].Store(newMemoWord(word, ids))
		case set[1].Load() == nil, m.asked[at].Load() == tag:
			set[1].Store(newMemoWord(word, ids))
		default:
			m.asked[at].Store(tag)
		}
	}
	return dst
}

// border says where a text may be cut so that the ids of its parts, one after
// another, are the ids of the whole.
type border struct {
	letters [borderLetters]bool
	keep    bool // the border letter (a space) belongs to the part that follows
}

// borderLetters is enough for the marks and spaces of Latin, Arabic and
// general punctuation.
const borderLetters = 0x3010

// find gives the end of the part that begins at start, and where the next
// part begins; -1: something before it is not UTF-8.
func (b *border) find(text string, start int) (end, next int) {
	i := start
	if b.keep {
		r, n := utf8.DecodeRuneInString(text[i:])
		if r == utf8.RuneError && n <= 1 {
			return i, -1
		}
		i += n // the border that the part begins with, or a letter of the first part
	}
	for i < len(text) {
		r, n := rune(text[i]), 1
		switch {
		case r < utf8.RuneSelf:
		case r >= 0xc2 && r < 0xe0 && i+1 < len(text) && text[i+1]&0xc0 == 0x80: // two bytes, as all of Arabic
			r, n = r&0x1f<<6|rune(text[i+1]&0x3f), 2
		default:
			if r, n = utf8.DecodeRuneInString(text[i:]); r == utf8.RuneError && n <= 1 {
				return i, -1
			}
		}
		if r < borderLetters && b.letters[r] {
			if b.keep {
				return i, i
			}
			return i, i + n
		}
		i += n
	}
	return i, i
}

// border finds the letters that always part words: the normalizer must see
// letters one by one (normal forms do, between letters that never compose),
// and the first pre-tokenizer must cut at white space.
func (s *Splitter) border() (b border, ok bool) {
	if len(s.pre) == 0 || !s.local() {
		return b, false
	}
	switch first := s.pre[0].(type) {
	case letterSplit:
		if first.behavior != removed || !first.is(' ') || !first.is('\u3000') || first.is('a') {
			return b, false
		}
	case wordSplit:
	case metaspace:
		if !first.cut || first.scheme == "first" || s.form(' ') != " " {
			return b, false
		}
		b.keep = true
		b.letters[' '] = true
		return b, true
	default:
		return b, false
	}
	for r := range rune(borderLetters) {
		if r >= utf8.RuneSelf && !unicode.In(r, unicode.Z, unicode.P, unicode.S, unicode.C) {
			continue // letters and digits never part words; asking for each takes time
		}
		form := s.form(r)
		b.letters[r] = form != "" && strings.TrimFunc(form, unicode.IsSpace) == "" && s.inert(r)
	}
	return b, true
}

func (s *Splitter) local() bool {
	for _, step := range s.normal {
		switch step.(type) {
		case unicodeForm, *letterTable:
		default:
			return false
		}
	}
	for _, p := range s.pre[1:] { // the beginning of the text is not seen word by word
		if m, ok := p.(metaspace); ok && m.scheme == "first" {
			return false
		}
	}
	return true
}

// inert letters never compose with the letter before or after them.
func (s *Splitter) inert(r rune) bool {
	for _, step := range s.normal {
		if f, ok := step.(unicodeForm); ok {
			p := norm.Form(f).PropertiesString(string(r))
			if !p.BoundaryBefore() || !p.BoundaryAfter() {
				return false
			}
		}
	}
	return true
}

// form is the normal form of one letter. It leaves the tables' pages to be
// filled when a text needs them.
func (s *Splitter) form(r rune) string {
	form, spare := utf8.AppendRune(nil, r), []byte(nil)
	for _, step := range s.normal {
		if table, ok := step.(*letterTable); ok {
			form, spare = table.through(form, spare)
		} else {
			form, spare = step.appendNormal(spare[:0], form), form
		}
	}
	return string(form)
}

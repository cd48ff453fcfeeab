package lexical

import (
	"hash/maphash"
	"strings"
	"sync/atomic"
	"unicode"

	"dalil/corpus"
)

// known is what a word comes to, wherever it is. It must not be changed. What a look-up
// compares is in the first cache line, and the dimensions of most words in the next two.
type known struct {
	hash   uint64
	length uint8
	script Script
	listed bool  // it is in the list of stop words
	near   uint8 // number of nearSounds; tooMany: they are not here
	text   [vocabularyBytes]byte
	words  []uint64 // dimensions of stems and forms, each with its weight in percent below; of one that is no stop word
	few    [6]uint64
	// nearSounds are the dimensions of the sounds of an Arabic word, or of the plainest sound of a Latin one.
	nearSounds [4]uint32
	form       uint64                    // the dimension of a stop word, with its weight
	sounds     atomic.Pointer[soundList] // all; nil: not worked out yet

	word, stem string
}

const tooMany = 255 // see known.near

// soundList has the dimensions of the sounds of a word.
type soundList struct {
	n    int
	keys [maxVariants]uint32
}

// vocabulary keeps words that were analysed before: a text repeats its words, and all
// texts repeat the frequent ones. It is bounded, needs no locks and changes no result.
type vocabulary struct {
	seed maphash.Seed
	// A set has two words, the one asked for last in front. When it is full, a word has its
	// place there when it comes a second time in a row, so that rare words do not take the
	// places of others.
	sets  [vocabularySets][2]atomic.Pointer[known]
	asked [vocabularySets]atomic.Uint32 // part of the hash of the word last missed
}

const (
	vocabularySets  = 1 << 16
	vocabularyBytes = 48 // longer words are not kept
)

// hash is that of a normalised word.
func (v *vocabulary) hash(word []byte, script Script) uint64 {
	return maphash.Bytes(v.seed, word) + uint64(script)
}

// front is the word that is in front of a set; nil: there is none.
func (v *vocabulary) front(hash uint64) *known { return v.sets[hash%vocabularySets][0].Load() }

// know returns what a normalised word comes to. front is what is in front of its set.
func (a *Analyzer) know(hash uint64, front *known, word []byte, script Script) *known {
	if len(word) > vocabularyBytes {
		return a.learn(string(word), script)
	}
	if front != nil && front.is(hash, word, script) {
		return front
	}
	v := &a.vocabulary
	at := hash % vocabularySets
	set := &v.sets[at]
	if back := set[1].Load(); back != nil && back.is(hash, word, script) {
		// Of two callers that do this at once, one may undo the other's, and the word is
		// analysed again.
		set[0].Store(back)
		set[1].Store(front)
		return back
	}
	k := a.learn(string(word), script)
	k.hash = hash
	tag := uint32(hash>>32) | 1
	switch {
	case front == nil:
		set[0].Store(k)
	case set[1].Load() == nil, v.asked[at].Load() == tag:
		set[1].Store(k)
	default:
		v.asked[at].Store(tag)
	}
	return k
}

func (k *known) is(hash uint64, word []byte, script Script) bool {
	return k.hash == hash && k.script == script && string(k.text[:k.length]) == string(word)
}

// learn analyses a word.
func (a *Analyzer) learn(word string, script Script) *known {
	k := &known{word: word, script: script, length: uint8(min(len(word), vocabularyBytes))}
	copy(k.text[:], word)
	k.stem, k.listed = a.tables.stem(word, script)
	k.words = a.appendDimensions(k.few[:0], &Term{Word: k.word, Stem: k.stem, Script: script})
	k.keepSounds()
	if k.listed {
		k.form = uint64(FormHash(word))<<32 | 100
	}
	return k
}

// stemmed returns a word with another stem than the usual one.
func (a *Analyzer) stemmed(k *known, stem string) *known {
	other := &known{word: k.word, stem: stem, script: k.script, near: k.near, nearSounds: k.nearSounds}
	other.words = a.appendDimensions(nil, &Term{Word: k.word, Stem: stem, Script: k.script})
	return other
}

// soundsOf returns the dimensions of the sounds that the index has of a word. Where the
// text has capitals, a Latin word without one is no name, and its plainest reading is
// enough.
func (k *known) soundsOf(plain bool) []uint32 {
	if k.near != tooMany && (plain || k.script != Latin) {
		return k.nearSounds[:k.near]
	}
	if kept := k.sounds.Load(); kept != nil {
		return kept.keys[:kept.n]
	}
	keys := skeletons(nil, k.word, k.script)
	sounds := &soundList{n: len(keys)}
	for i, key := range keys {
		sounds.keys[i] = SoundHash(k.script, key)
	}
	k.sounds.Store(sounds)
	return sounds.keys[:sounds.n]
}

// keepSounds sets the sounds that are kept beside the word.
func (k *known) keepSounds() {
	var memory [len(k.nearSounds) + 2]string
	var keys []string
	switch k.script {
	case Arabic:
		keys = arabicSkeletons(memory[:0], k.word)
	case Latin:
		keys = latinSkeletons(memory[:0], k.word, 1)
	}
	if len(keys) > len(k.nearSounds) {
		k.near = tooMany
		return
	}
	k.near = uint8(len(keys))
	for i, key := range keys {
		k.nearSounds[i] = SoundHash(k.script, key)
	}
}

// occurrence is a word of a text.
type occurrence struct {
	known       *known
	span        corpus.Span
	stop, upper bool // as in Term
}

// plain reports whether only the plainest sound of the word is a dimension.
func (o *occurrence) plain(capitals bool) bool {
	return capitals && !o.upper && o.known.script == Latin
}

// appendRead appends the words of text.
func (a *Analyzer) appendRead(dst []occurrence, text string) []occurrence {
	s := a.scanners.Get().(*scanner)
	defer s.release()
	for s.reset(text); s.block(); {
		for i := range s.words {
			dst = append(dst, occurrenceOf(s, &s.words[i]))
		}
	}
	return dst
}

func occurrenceOf(s *scanner, w *word) occurrence {
	return occurrence{known: w.known, span: corpus.Span{Start: w.start, End: w.end}, stop: w.stop, upper: s.upper(w)}
}

// anyUpper reports whether a Latin word of the text has a capital.
func anyUpper(read []occurrence) bool {
	for i := range read {
		if read[i].upper {
			return true
		}
	}
	return false
}

// upper reports whether a Latin word has a capital in the text.
func (s *scanner) upper(w *word) bool {
	if w.plain {
		return w.upper
	}
	return w.script == Latin && strings.IndexFunc(s.text[w.start:w.end], unicode.IsUpper) >= 0
}

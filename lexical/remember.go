package lexical

import (
	"hash/maphash"
	"strings"
	"sync/atomic"
	"unicode"

	"dalil/corpus"
)

// known is what a word comes to, wherever it is. It must not be changed.
type known struct {
	hash       uint64
	word, stem string
	script     Script
	listed     bool     // it is in the list of stop words
	form       uint64   // the dimension of a stop word, with its weight
	words      []uint64 // dimensions of stems and forms, each with its weight in percent below; of one that is no stop word
	// sounds are the dimensions of its sounds: all, and only the plainest; nil: not worked out yet.
	sounds [2]atomic.Pointer[[]uint32]
}

// vocabulary keeps words that were analysed before: a text repeats its words, and all
// texts repeat the frequent ones. It is bounded, needs no locks and changes no result.
type vocabulary struct {
	seed maphash.Seed
	// A set has two words, the one asked for last in front. A word has its place there when
	// it comes a second time in a row, so that rare words do not take the places of others.
	sets  [vocabularySets][2]atomic.Pointer[known]
	asked [vocabularySets]atomic.Uint32 // part of the hash of the word last missed
}

const (
	vocabularySets  = 1 << 14
	vocabularyBytes = 48 // longer words are not kept
)

// know returns what a normalised word comes to.
func (a *Analyzer) know(word []byte, script Script) *known {
	if len(word) > vocabularyBytes {
		return a.learn(string(word), script)
	}
	v := &a.vocabulary
	hash := maphash.Bytes(v.seed, word) + uint64(script)
	at := hash % vocabularySets
	set := &v.sets[at]
	front := set[0].Load()
	if front != nil && front.is(hash, word, script) {
		return front
	}
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
	case v.asked[at].Load() != tag:
		v.asked[at].Store(tag)
	case front == nil:
		set[0].Store(k)
	default:
		set[1].Store(k)
	}
	return k
}

func (k *known) is(hash uint64, word []byte, script Script) bool {
	return k.hash == hash && k.script == script && k.word == string(word)
}

// learn analyses a word.
func (a *Analyzer) learn(word string, script Script) *known {
	k := &known{word: word, script: script}
	k.stem, k.listed = a.tables.stem(word, script)
	k.words = a.appendDimensions(nil, &Term{Word: k.word, Stem: k.stem, Script: script})
	if k.listed {
		k.form = uint64(FormHash(word))<<32 | 100
	}
	return k
}

// stemmed returns a word with another stem than the usual one.
func (a *Analyzer) stemmed(k *known, stem string) *known {
	other := &known{word: k.word, stem: stem, script: k.script}
	other.words = a.appendDimensions(nil, &Term{Word: k.word, Stem: stem, Script: k.script})
	return other
}

// soundsOf returns the dimensions of the sounds that the index has of a word. Where the
// text has capitals, a Latin word without one is no name, and its plainest reading is
// enough.
func (k *known) soundsOf(plain bool) []uint32 {
	at := &k.sounds[0]
	if plain {
		at = &k.sounds[1]
	}
	if kept := at.Load(); kept != nil {
		return *kept
	}
	var keys []string
	if plain {
		keys = latinSkeletons(nil, k.word, 1)
	} else {
		keys = skeletons(nil, k.word, k.script)
	}
	sounds := make([]uint32, len(keys))
	for i, key := range keys {
		sounds[i] = SoundHash(k.script, key)
	}
	at.Store(&sounds)
	return sounds
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
			w := &s.words[i]
			dst = append(dst, occurrence{known: w.known, span: corpus.Span{Start: w.start, End: w.end}, stop: w.stop, upper: s.upper(w)})
		}
	}
	return dst
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
	return w.script == Latin && strings.IndexFunc(s.text[w.start:w.end], unicode.IsUpper) >= 0
}

package lexical

import (
	"strings"
	"sync/atomic"
)

// remembered are words that were analysed before: a text repeats its words, and all
// texts repeat the frequent ones. It is bounded, needs no locks and changes nothing.
type remembered [1 << 14]atomic.Pointer[dimensions]

// dimensions are those of one word that is no stop word.
type dimensions struct {
	word, stem string
	script     Script
	plain      bool // only the plainest sound

	words  []uint64 // of stems and forms, each with its weight in percent below
	sounds []uint32
}

// dimensions returns those of a term that is no stop word, in a text that has
// capitals or none. They are shared, and must not be changed.
func (a *Analyzer) dimensions(t *Term, capitals bool) *dimensions {
	plain := capitals && t.Script == Latin && !t.Upper
	basis := fnvBasis + uint64(t.Script)<<1
	if plain {
		basis++
	}
	slot := &a.remembered[mix(fnv(basis, t.Word))%uint32(len(a.remembered))]
	if d := slot.Load(); d != nil && d.word == t.Word && d.stem == t.Stem && d.script == t.Script && d.plain == plain {
		return d
	}
	// The term's strings are pieces of a whole block of text.
	d := &dimensions{word: strings.Clone(t.Word), stem: strings.Clone(t.Stem), script: t.Script, plain: plain, words: a.appendDimensions(nil, t)}
	for _, key := range indexedSkeletons(nil, t, capitals) {
		d.sounds = append(d.sounds, SoundHash(t.Script, key))
	}
	slot.Store(d)
	return d
}

package searcher

import (
	"hash/maphash"
	"sync/atomic"

	"dalil/lexical"
)

// known caches the positions of words in passages that were candidates before,
// because reading a text takes longer than everything else. It is bounded, needs
// no locks and changes no answer.
type known struct {
	seeds [2]maphash.Seed
	sets  [knownSets][2]atomic.Pointer[knownPassage]
}

const (
	knownSets  = 1 << 11
	knownBytes = 4 << 10 // longer texts are read each time
)

// knownPassage goes by 128 bits of a hash that is seeded in each process, so a
// stranger's texts can't be made to meet.
type knownPassage struct {
	key    [2]uint64
	places *lexical.Places
}

func newKnown() *known { return &known{seeds: [2]maphash.Seed{maphash.MakeSeed(), maphash.MakeSeed()}} }

// places returns those of a passage, read where it is not known.
func (k *known) places(a *lexical.Analyzer, title, text string) *lexical.Places {
	if len(title)+len(text) > knownBytes {
		return a.Places(title, text)
	}
	var key [2]uint64
	for i, seed := range k.seeds {
		key[i] = maphash.String(seed, text) ^ maphash.String(seed, title)*31
	}
	set := &k.sets[key[0]%knownSets]
	for i := range set {
		if p := set[i].Load(); p != nil && p.key == key {
			return p.places
		}
	}
	p := &knownPassage{key, a.Places(title, text)}
	set[1].Store(set[0].Load()) // callers that meet here may make each other forget, which costs time alone
	set[0].Store(p)
	return p.places
}

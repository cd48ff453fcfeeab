package static

import (
	"hash/maphash"
	"sync/atomic"
)

// passages remembers the passages that were candidates before: reading a text
// takes longer than scoring it. It is bounded, needs no locks and changes no
// score.
type passages struct {
	seeds [2]maphash.Seed
	sets  [passageSets][2]atomic.Pointer[knownPassage]
}

const (
	passageSets  = 1 << 11
	passageBytes = 4 << 10 // longer texts are read each time
)

// knownPassage goes by 128 bits of a hash that is seeded in each process, so
// texts of a stranger can't be made to meet.
type knownPassage struct {
	key     passageKey
	profile []byte
}

type passageKey [2]uint64

func newPassages() *passages {
	return &passages{seeds: [2]maphash.Seed{maphash.MakeSeed(), maphash.MakeSeed()}}
}

// find gives the profile of a text; nil: it is not known.
func (p *passages) find(text string) ([]byte, passageKey) {
	if len(text) > passageBytes {
		return nil, passageKey{}
	}
	key := passageKey{maphash.String(p.seeds[0], text), maphash.String(p.seeds[1], text)}
	for i := range p.sets[key[0]%passageSets] {
		if known := p.sets[key[0]%passageSets][i].Load(); known != nil && known.key == key {
			return known.profile, key
		}
	}
	return nil, key
}

// put remembers a profile; the one that came first in its set goes. Callers
// that do this at once may make each other forget, which costs time alone.
func (p *passages) put(key passageKey, text string, profile []byte) {
	if len(text) > passageBytes {
		return
	}
	set := &p.sets[key[0]%passageSets]
	set[1].Store(set[0].Load())
	set[0].Store(&knownPassage{key, profile})
}

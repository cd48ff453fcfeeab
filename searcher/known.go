package searcher

import (
	"hash/maphash"
	"sync/atomic"

	"dalil/store"
)

// known caches the profiles of earlier candidates for a store that keeps no
// profiles, because making a profile takes longer than all other work. Its size is
// limited. It needs no locks and changes no answer.
type known struct {
	seeds [2]maphash.Seed
	sets  [knownSets][2]atomic.Pointer[knownPassage]
}

const (
	knownSets  = 1 << 11
	knownBytes = 4 << 10 // longer texts are read each time
)

// knownPassage has 128 bits of a hash as its key. Each process has its own seed, so
// nobody can construct texts with the same key.
type knownPassage struct {
	key     [2]uint64
	profile []byte
}

func newKnown() *known { return &known{seeds: [2]maphash.Seed{maphash.MakeSeed(), maphash.MakeSeed()}} }

// profile returns the profile of a passage, from the cache or newly made. The key
// includes the id, because the sparse vector also depends on headings.
func (k *known) profile(p *profiler, point *store.Point) []byte {
	title, text := "", point.Chunk.Text
	if point.Document != nil {
		title = point.Document.Title
	}
	if len(title)+len(text) > knownBytes {
		return p.Profile(point)
	}
	var key [2]uint64
	for i, seed := range k.seeds {
		key[i] = maphash.String(seed, text) ^ maphash.String(seed, title)*31 ^ maphash.Bytes(seed, point.Chunk.ID[:])*61
	}
	set := &k.sets[key[0]%knownSets]
	for i := range set {
		if p := set[i].Load(); p != nil && p.key == key {
			return p.profile
		}
	}
	worked := &knownPassage{key, p.Profile(point)}
	set[1].Store(set[0].Load()) // concurrent callers may overwrite each other's entries, which only costs time
	set[0].Store(worked)
	return worked.profile
}

package searcher

import (
	"hash/maphash"
	"sync/atomic"

	"dalil/store"
)

// known caches the profiles of passages that were candidates before, for a store
// that keeps none: reading a text takes longer than everything else. It is bounded,
// needs no locks and changes no answer.
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
	key     [2]uint64
	profile []byte
}

func newKnown() *known { return &known{seeds: [2]maphash.Seed{maphash.MakeSeed(), maphash.MakeSeed()}} }

// profile returns that of a passage, worked out where it is not known. The id
// stands for the sparse vector, which depends on headings too.
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
	set[1].Store(set[0].Load()) // callers that meet here may make each other forget, which costs time alone
	set[0].Store(worked)
	return worked.profile
}

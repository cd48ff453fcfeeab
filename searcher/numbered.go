package searcher

import (
	"encoding/binary"
	"math/bits"
	"math/rand/v2"

	"dalil/corpus"
)

// numbered is a map from ids to numbers: a table with at least twice as many places as ids. An id
// is at the place that its hash names, or behind it where others are in the way.
type numbered struct {
	places []place
	shift  int // of a hash to a place
}

type place struct {
	id     corpus.ChunkID
	number uint32 // the number + 1; 0: the place is free
}

// factor makes hashes of ids. It is odd, and another one in each process, so that nobody can
// choose ids of documents that all get the same place.
var factor = rand.Uint64() | 1

// reset empties the table and makes room for n ids.
func (t *numbered) reset(n int) {
	log := bits.Len(uint(2 * n))
	if 1<<log > cap(t.places) {
		t.places = make([]place, 1<<log)
	}
	t.places, t.shift = t.places[:1<<log], 64-log
	clear(t.places)
}

// find returns the place of an id: its own, or a free one that it may take.
func (t *numbered) find(id *corpus.ChunkID) *place {
	hash := (binary.LittleEndian.Uint64(id[:]) + binary.BigEndian.Uint64(id[8:])) * factor
	for at := hash >> t.shift; ; at = (at + 1) & uint64(len(t.places)-1) {
		if p := &t.places[at]; p.number == 0 || p.id == *id {
			return p
		}
	}
}

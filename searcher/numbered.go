package searcher

import (
	"encoding/binary"
	"math/bits"

	"dalil/corpus"
)

// numbered gives ids numbers. It is a table with at least twice as many places as ids: an id is
// at the place that its hash names, or behind it where others are in the way.
type numbered struct {
	places []place
	shift  int // of a hash to a place
}

type place struct {
	id     corpus.ChunkID
	number uint32 // + 1; 0: no id
}

// reset empties the table and makes room for n ids.
func (t *numbered) reset(n int) {
	log := bits.Len(uint(2 * n))
	if 1<<log > cap(t.places) {
		t.places = make([]place, 1<<log)
	}
	t.places, t.shift = t.places[:1<<log], 64-log
	clear(t.places)
}

// find returns the place of an id: its own, or that which it would get.
func (t *numbered) find(id *corpus.ChunkID) *place {
	const golden = 0x9e3779b97f4a7c15 // 2⁶⁴ divided by the golden ratio (Knuth, volume 3, 6.4)
	hash := (binary.LittleEndian.Uint64(id[:]) + binary.BigEndian.Uint64(id[8:])) * golden
	for at := hash >> t.shift; ; at = (at + 1) & uint64(len(t.places)-1) {
		if p := &t.places[at]; p.number == 0 || p.id == *id {
			return p
		}
	}
}

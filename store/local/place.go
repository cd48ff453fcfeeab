package local

import (
	"encoding/binary"

	"dalil/corpus"
)

// The table of ids uses open addressing. All passages of a document have the same hash, because
// their ids begin alike. They have neighbouring rows, and mostly neighbouring places. So no
// passage of a document with thousands of them may be looked for place by place.

func idHash(id corpus.ChunkID) uint32 { return binary.LittleEndian.Uint32(id[:]) }

// placeIDs fills the table of ids, from the ids and documents of all rows.
func (s *segment) placeIDs() {
	mask := uint32(len(s.table) - 1)
	at := uint32(0)
	for row := range s.ids {
		if row > 0 && s.owners[row] == s.owners[row-1] {
			at = (at + 1) & mask // all places before are taken
		} else {
			at = idHash(s.ids[row]) & mask
		}
		for s.table[at] != 0 {
			at = (s.lastOfRun(at) + 1) & mask
		}
		s.table[at] = uint32(row) + 1
	}
}

// row finds a passage by its id: it finds the first passage of the document, whose rows are in
// the order of their ordinals.
func (s *segment) row(id corpus.ChunkID) (uint32, bool) {
	mask, first := uint32(len(s.table)-1), id.First()
	for at := idHash(id) & mask; s.table[at] != 0; at = (s.lastOfRun(at) + 1) & mask {
		if row := s.table[at] - 1; s.ids[row] == first {
			row += uint32(id.Ordinal())
			return row, row < uint32(len(s.ids)) && s.ids[row] == id
		}
	}
	return 0, false
}

// shortRun is how many places are visited one by one.
const shortRun = 16

// lastOfRun returns a place up to which all places, from one that is taken, have passages of the
// same document. It is the place itself unless the document has many passages.
func (s *segment) lastOfRun(at uint32) uint32 {
	mask, row := uint32(len(s.table)-1), s.table[at]-1
	if s.table[(at+shortRun)&mask] != row+1+shortRun {
		return at
	}
	// If the passage n rows behind has the n-th place behind, those between have the places between.
	for n := s.firsts[s.owners[row]+1] - 1 - row; n >= shortRun; n /= 2 {
		if to := (at + n) & mask; s.table[to] == row+1+n {
			return to
		}
	}
	return at
}

package lexical

import (
	"math/bits"
	"strings"
)

// stemTable has the stems of a lexicon by number and by spelling. It has no pointers and
// no object of its own for a stem, so that a look-up reads few places in memory.
type stemTable struct {
	text   string
	ends   []uint32 // in text, by number
	hashes []uint32 // [Hash] of a stem, by number
	slots  []uint32 // open addressing by hash: number+1
}

// newStemTable returns a table for up to n stems.
func newStemTable(n int) stemTable {
	return stemTable{ends: make([]uint32, 0, n), hashes: make([]uint32, 0, n), slots: make([]uint32, 1<<bits.Len(uint(2*n)))}
}

func (t *stemTable) len() int { return len(t.ends) }

// add adds a stem that is not in the table, and that the text will end with. Its number is
// that of the stems before it.
func (t *stemTable) add(stem string, end int) {
	hash := Hash(stem)
	t.ends, t.hashes = append(t.ends, uint32(end)), append(t.hashes, hash)
	at := t.slot(hash)
	for ; t.slots[at] != 0; at = (at + 1) & uint32(len(t.slots)-1) {
	}
	t.slots[at] = uint32(len(t.ends))
}

// slot is where the search for a hash begins.
func (t *stemTable) slot(hash uint32) uint32 { return hash & uint32(len(t.slots)-1) }

// stem returns the stem with a number.
func (t *stemTable) stem(number uint32) string {
	from := uint32(0)
	if number > 0 {
		from = t.ends[number-1]
	}
	return t.text[from:t.ends[number]]
}

// find returns the number of a stem.
func (t *stemTable) find(stem spelled) (number uint32, held bool) {
	if len(t.ends) == 0 {
		return 0, false
	}
	hash := stem.hash()
	for at := t.slot(hash); t.slots[at] != 0; at = (at + 1) & uint32(len(t.slots)-1) {
		if number = t.slots[at] - 1; t.hashes[number] == hash && stem.equal(t.stem(number)) {
			return number, true
		}
	}
	return 0, false
}

// spelled is a stem in up to three pieces, which need not be joined to find it.
type spelled [3]string

func (s spelled) hash() uint32 { return mix(fnv(fnv(fnv(fnvBasis, s[0]), s[1]), s[2])) }

func (s spelled) String() string { return s[0] + s[1] + s[2] }

func (s spelled) equal(stem string) bool {
	for _, piece := range s {
		rest, held := strings.CutPrefix(stem, piece)
		if !held {
			return false
		}
		stem = rest
	}
	return stem == ""
}

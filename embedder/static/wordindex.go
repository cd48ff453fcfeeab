package static

// wordIndex is a hash table from the hash of a word to its number, with open addressing; the
// numbers' owner compares the words.
type wordIndex struct {
	slots []wordSlot
	used  int
}

type wordSlot struct {
	hash   uint32
	number int32 // 1 + the word's; 0: free
}

const fewestSlots = 1 << 10

// reset empties the table and keeps its memory.
func (x *wordIndex) reset() {
	if x.used > 0 {
		clear(x.slots)
		x.used = 0
	}
}

// find gives the number of the word that same holds for; -1: there is none,
// and put may set it at place.
func (x *wordIndex) find(hash uint32, same func(number int32) bool) (place wordPlace, number int32) {
	if x.slots == nil {
		x.slots = make([]wordSlot, fewestSlots)
	}
	mask := uint32(len(x.slots) - 1)
	i := hash & mask
	for ; x.slots[i].number != 0; i = (i + 1) & mask {
		if s := x.slots[i]; s.hash == hash && same(s.number-1) {
			return wordPlace{}, s.number - 1
		}
	}
	return wordPlace{i, hash}, -1
}

// wordPlace is where a new word goes.
type wordPlace struct{ slot, hash uint32 }

// put sets a word where find said.
func (x *wordIndex) put(at wordPlace, number int32) {
	x.slots[at.slot] = wordSlot{at.hash, number + 1}
	x.used++
	if 2*x.used < len(x.slots) {
		return
	}
	old := x.slots
	x.slots = make([]wordSlot, 2*len(old))
	mask := uint32(len(x.slots) - 1)
	for _, s := range old {
		if s.number == 0 {
			continue
		}
		i := s.hash & mask
		for x.slots[i].number != 0 {
			i = (i + 1) & mask
		}
		x.slots[i] = s
	}
}

const hashBasis uint64 = 14695981039346656037

// hashPart mixes a part of a word into a hash as FNV-1a does.
func hashPart(hash uint64, part int32) uint64 {
	hash = (hash ^ uint64(uint32(part))) * 1099511628211
	return hash ^ hash>>29
}

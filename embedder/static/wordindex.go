package static

// wordIndex is a hash table from the hash of a word to its number, with open addressing: a
// word is in the first slot from its hash on that has it, before the first free one. Who
// looks for it compares the words.
type wordIndex struct{ slots []wordSlot }

type wordSlot struct {
	hash   uint32
	number int32 // 1 + the word's; 0: free
}

const fewestSlots = 1 << 10

// reset empties the table, which has so many words, and keeps its memory.
func (x *wordIndex) reset(words int) {
	if words > 0 {
		clear(x.slots)
	}
}

// at returns the slot for a number.
func (x *wordIndex) at(number uint32) *wordSlot { return &x.slots[number&uint32(len(x.slots)-1)] }

// room enlarges the table if less than half of it would be free with one more word.
func (x *wordIndex) room(words int) {
	if 2*words < len(x.slots) {
		return
	}
	old := x.slots
	x.slots = make([]wordSlot, max(2*len(old), fewestSlots))
	for _, s := range old {
		if s.number == 0 {
			continue
		}
		at := s.hash
		for x.at(at).number != 0 {
			at++
		}
		*x.at(at) = s
	}
}

const hashBasis uint64 = 14695981039346656037

// hashPart mixes a part of a word into a hash as FNV-1a does.
func hashPart(hash uint64, part int32) uint64 {
	hash = (hash ^ uint64(uint32(part))) * 1099511628211
	return hash ^ hash>>29
}

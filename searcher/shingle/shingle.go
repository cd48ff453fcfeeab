// Package shingle recognises texts that repeat others: by their shingles, the runs of
// three words in them. Start with [Originals].
package shingle

import (
	"math/bits"
	"unicode"
	"unicode/utf8"
)

// shingleWords is how many words a shingle has (Broder, SEQUENCES 1997).
const shingleWords = 3

// Prints appends a hash of each run of three words of the text, or of all its
// words where it has fewer. Spellings that readers take for equal have equal
// hashes: capitals, vowel marks, tatweel and the forms of alef, ya and ta marbuta
// do not count, nor do marks and blanks.
func Prints(dst []uint32, text string) []uint32 {
	const basis, prime = 2166136261, 16777619
	var last [shingleWords]uint32
	words, h, inside := 0, uint32(basis), false
	end := func() {
		if !inside {
			return
		}
		copy(last[:], last[1:])
		last[shingleWords-1] = h
		if words++; words >= shingleWords {
			dst = append(dst, join(last[:]))
		}
		h, inside = basis, false
	}
	for i := 0; i < len(text); {
		c := text[i]
		if c < utf8.RuneSelf {
			i++
			switch {
			case 'a' <= c && c <= 'z', '0' <= c && c <= '9':
				h, inside = (h^uint32(c))*prime, true
			case 'A' <= c && c <= 'Z':
				h, inside = (h^uint32(c|0x20))*prime, true
			default:
				end()
			}
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		i += size
		switch r = Fold(r); {
		case r == 0:
		case r < 0:
			end()
		default:
			h, inside = (h^uint32(r))*prime, true
		}
	}
	end()
	if words > 0 && words < shingleWords {
		dst = append(dst, join(last[shingleWords-words:]))
	}
	return dst
}

// join makes one hash of several.
func join(hashes []uint32) uint32 {
	h := uint32(len(hashes))
	for _, x := range hashes {
		h = (h ^ x) * 0x9e3779b1
		h ^= h >> 15
	}
	return h
}

// Fold returns the letter that stands for r; 0 for what does not count, -1 for
// what separates words.
func Fold(r rune) rune {
	switch {
	case '\u064b' <= r && r <= '\u065f', r == '\u0670', r == '\u0640', '\u200b' <= r && r <= '\u200f', r == '\u061c':
		return 0
	case r == 'أ' || r == 'إ' || r == 'آ' || r == 'ٱ':
		return 'ا'
	case r == 'ى':
		return 'ي'
	case r == 'ة':
		return 'ه'
	case '\u0660' <= r && r <= '\u0669':
		return r - '\u0660' + '0'
	case '\u06f0' <= r && r <= '\u06f9':
		return r - '\u06f0' + '0'
	case '\u0620' <= r && r <= '\u064a':
		return r
	case unicode.IsLetter(r), unicode.IsNumber(r):
		return unicode.ToLower(r)
	case unicode.IsMark(r):
		return 0
	}
	return -1
}

// Set has the prints of the texts that were met before. It is a table with open
// addressing, because a context asks it about thousands of hashes. The zero Set is empty.
type Set struct {
	slots  []uint32 // 0: free; as many as a power of two, at most half of them taken
	owners []uint16 // of each slot, who added it first; nil: nobody asks
	held   int
}

// Add adds prints.
func (s *Set) Add(prints []uint32) { s.add(prints, 0) }

func (s *Set) add(prints []uint32, owner uint16) {
	if need := 2 * (s.held + len(prints)); need > len(s.slots) {
		s.grow(need)
	}
	for _, h := range prints {
		s.put(h, owner)
	}
}

func (s *Set) grow(need int) {
	slots, owners := s.slots, s.owners
	s.slots, s.held = make([]uint32, 1<<bits.Len(uint(2*need))), 0
	if owners != nil {
		s.owners = make([]uint16, len(s.slots))
	}
	for i, h := range slots {
		switch {
		case h == 0:
		case owners != nil:
			s.put(h, owners[i])
		default:
			s.put(h, 0)
		}
	}
}

func (s *Set) put(h uint32, owner uint16) {
	if at := s.find(h); s.slots[at] == 0 {
		s.slots[at] = h | 1
		s.held++
		if s.owners != nil {
			s.owners[at] = owner
		}
	}
}

// find is the slot of a hash, or the free one where it belongs. The lowest bit of
// a hash does not count: no hash is 0.
func (s *Set) find(h uint32) int {
	mask := len(s.slots) - 1
	for at := int(h>>1) & mask; ; at = (at + 1) & mask {
		if s.slots[at] == 0 || s.slots[at] == h|1 {
			return at
		}
	}
}

// Share returns the share of the prints that are in the set; 0 for no prints.
func (s *Set) Share(prints []uint32) float64 {
	if len(prints) == 0 || s.held == 0 {
		return 0
	}
	n := 0
	for _, h := range prints {
		if s.slots[s.find(h)] != 0 {
			n++
		}
	}
	return float64(n) / float64(len(prints))
}

package vector

import "encoding/binary"

// Among is a set of numbers by their upper 14 bits.
type Among [1 << 8]uint64

// Add adds a number.
func (a *Among) Add(number uint32) { a[number>>24] |= 1 << (number >> 18 & 63) }

// Has reports whether a number with the same upper bits was added.
func (a *Among) Has(number uint32) bool { return a[number>>24]&(1<<(number>>18&63)) != 0 }

// Find appends the places of the numbers that [Among.Has] reports, rising. numbers has four
// bytes of each, the lowest first.
func (a *Among) Find(to []int32, numbers []byte) []int32 { return a.find(to, numbers) }

func (a *Among) findGo(to []int32, numbers []byte) []int32 {
	for i := 0; i+4 <= len(numbers); i += 4 {
		if a.Has(binary.LittleEndian.Uint32(numbers[i:])) {
			to = append(to, int32(i/4))
		}
	}
	return to
}

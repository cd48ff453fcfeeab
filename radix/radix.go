// Package radix sorts numbers that begin with a hash. Start at [Sort].
package radix

import "slices"

const (
	few    = 32      // so many keys and fewer are sorted by comparing them
	middle = 1 << 12 // so many keys and more are divided by two bytes
)

// Sort sorts keys as [slices.Sort] does. It takes linear time if the highest bits are
// evenly distributed, as those of a hash are, equal keys or equal hashes aside; in any
// case it takes no longer than slices.Sort by more than a constant factor. spare is memory
// of at least the length of keys. The sorted keys are in one of the two, which is returned;
// the other one has no meaning afterwards.
//
// It divides the keys by their first byte, or by two bytes, beginning with the second
// (an LSD radix sort), and moves the keys that are not in order to their places.
func Sort(keys, spare []uint64) []uint64 {
	if len(keys) <= few {
		slices.Sort(keys)
		return keys
	}
	spare = spare[:len(keys)]
	if len(keys) >= middle {
		divide(spare, keys, 48)
		keys, spare = spare, keys
	}
	divide(spare, keys, 56)
	insert(spare)
	return spare
}

// divide copies keys to to, in the order of the byte that begins at a bit.
func divide(to, keys []uint64, bit uint) {
	var counts [256]uint32
	for _, k := range keys {
		counts[byte(k>>(bit&63))]++
	}
	sum := uint32(0)
	for i, n := range counts {
		counts[i] = sum
		sum += n
	}
	for _, k := range keys {
		at := &counts[byte(k>>(bit&63))]
		to[*at] = k
		*at++
	}
}

// insert sorts keys that are nearly in order.
func insert(keys []uint64) {
	moves := 8 * len(keys)
	for i := 1; i < len(keys); i++ {
		k, at := keys[i], i
		for ; at > 0 && keys[at-1] > k; at-- {
			keys[at] = keys[at-1]
		}
		keys[at] = k
		if moves -= i - at; moves < 0 {
			slices.Sort(keys)
			return
		}
	}
}

package local

import (
	"testing"

	"pgregory.net/rapid"
)

// The set must say what a map says, with room of its own and without.
func TestKeySet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 300).Draw(t, "keys")
		rows := rapid.Uint64Range(0, 1<<16).Draw(t, "rows")
		room := make([]uint64, rapid.SampledFrom([]int{0, 512, 1024}).Draw(t, "room"))
		set, held := newKeySet(room, n), map[uint64]bool{}
		for range n {
			key := rapid.Uint64Range(0, 3).Draw(t, "view")<<32 | rapid.Uint64Range(0, rows).Draw(t, "row")
			if got := set.add(key); got == held[key] {
				t.Fatalf("key %#x is new: %v, want %v", key, got, !got)
			}
			held[key] = true
		}
	})
}

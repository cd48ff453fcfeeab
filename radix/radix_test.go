package radix_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"dalil/radix"
)

// Keys come in the order of their values, however they are distributed.
func TestSortIsThatOfTheStandardLibrary(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 10_000).Draw(t, "n")
		bits := rapid.IntRange(0, 64).Draw(t, "bits")
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		keys := make([]uint64, n)
		shift := rapid.SampledFrom([]int{0, 10, 40, 60}).Draw(t, "shift")
		for i := range keys {
			keys[i] = random.Uint64() >> shift << (64 - bits)
		}
		want := slices.Sorted(slices.Values(keys))
		if got := radix.Sort(keys, make([]uint64, n)); !slices.Equal(got, want) {
			t.Fatalf("%d keys of %d bits: got %x, want %x", n, bits, got, want)
		}
	})
}

func BenchmarkSort(b *testing.B) {
	random := rand.New(rand.NewPCG(1, 1))
	keys := make([]uint64, 350*64) // those of 64 passages
	for i := range keys {
		keys[i] = uint64(random.Uint32())<<32 | uint64(i)
	}
	for name, sort := range map[string]func(keys, spare []uint64){
		"radix":    func(keys, spare []uint64) { radix.Sort(keys, spare) },
		"standard": func(keys, _ []uint64) { slices.Sort(keys) },
	} {
		b.Run(name, func(b *testing.B) {
			copied, spare := make([]uint64, len(keys)), make([]uint64, len(keys))
			for b.Loop() {
				copy(copied, keys)
				for at := 0; at < len(keys); at += 350 {
					sort(copied[at:at+350], spare)
				}
			}
		})
	}
}

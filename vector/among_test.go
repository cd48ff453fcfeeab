package vector_test

import (
	"encoding/binary"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"dalil/vector"
)

func TestNumbersAmongASetAreFound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		var set vector.Among
		var added, numbers []uint32
		for range rapid.IntRange(0, 300).Draw(t, "added") {
			added = append(added, random.Uint32())
			set.Add(added[len(added)-1])
		}
		var b []byte
		for range rapid.IntRange(0, 70).Draw(t, "numbers") {
			number := random.Uint32()
			if len(added) > 0 && random.IntN(3) == 0 {
				number = added[random.IntN(len(added))] ^ random.Uint32N(1<<19) // the lowest of the bits that count may differ
			}
			numbers, b = append(numbers, number), binary.LittleEndian.AppendUint32(b, number)
		}
		want := []int32{7}
		for i, number := range numbers {
			if slices.ContainsFunc(added, func(a uint32) bool { return a>>18 == number>>18 }) {
				want = append(want, int32(i))
			}
		}
		if got := set.Find([]int32{7}, b); !slices.Equal(got, want) {
			t.Fatalf("found %v of %d numbers, want %v", got, len(numbers), want)
		}
	})
}

// 250 numbers are looked for in a set of 150.
func BenchmarkAmong(b *testing.B) {
	random := rand.New(rand.NewPCG(1, 2))
	var set vector.Among
	for range 150 {
		set.Add(random.Uint32())
	}
	var numbers []byte
	for range 250 {
		numbers = binary.LittleEndian.AppendUint32(numbers, random.Uint32())
	}
	var found []int32
	b.Run("kernel", func(b *testing.B) {
		for b.Loop() {
			found = set.Find(found[:0], numbers)
		}
	})
	b.Run("one by one", func(b *testing.B) {
		for b.Loop() {
			found = found[:0]
			for i := 0; i < len(numbers); i += 4 {
				if set.Has(binary.LittleEndian.Uint32(numbers[i:])) {
					found = append(found, int32(i/4))
				}
			}
		}
	})
}

package searcher

import (
	"encoding/binary"
	"testing"

	"pgregory.net/rapid"

	"dalil/corpus"
)

// The table must do what a map does, also for ids whose hashes are alike and when it is used again.
func TestNumberedIDs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var table numbered
		for range 3 {
			n := rapid.IntRange(1, 300).Draw(t, "ids")
			different := rapid.Uint64Range(1, 400).Draw(t, "different")
			step := rapid.SampledFrom([]uint64{1, 1 << 40, 1 << 63}).Draw(t, "step")
			table.reset(n)
			want := map[corpus.ChunkID]uint32{}
			for range n {
				var id corpus.ChunkID
				binary.LittleEndian.PutUint64(id[:], rapid.Uint64Range(0, different).Draw(t, "id")*step)
				p := table.find(&id)
				if p.number != want[id] {
					t.Fatalf("%v has the number %d, want %d", id, p.number, want[id])
				}
				if p.number == 0 {
					want[id] = uint32(len(want) + 1)
					*p = place{id, want[id]}
				}
			}
		}
	})
}

package local_test

import (
	"fmt"
	"strings"
	"testing"

	"dalil/corpus"
	"dalil/store"
)

// BenchmarkPage reads what a question needs of its candidates: the texts and
// documents of the ten on the page, and the profiles of fifty.
func BenchmarkPage(b *testing.B) {
	by := &scribe{name: "a", size: 1800}
	s := openSmall(b, b.TempDir())
	create(b, s)
	s.KeepProfiles(by)
	var ids []corpus.ChunkID
	for batch := range 40 {
		var entries []store.Entry
		for i := range 50 {
			e := smallEntry(fmt.Sprintf("d%d-%d", batch, i), "1", 2)
			for p := range e.Points {
				e.Points[p].Chunk.Text = strings.Repeat(e.Points[p].Chunk.Text+" ", 70)
				ids = append(ids, e.Points[p].Chunk.ID)
			}
			entries = append(entries, e)
		}
		put(b, s, entries...)
	}
	some := func(round, n int) []corpus.ChunkID {
		picked := make([]corpus.ChunkID, n)
		for i := range picked {
			picked[i] = ids[(round*7919+i*1571)%len(ids)]
		}
		return picked
	}
	b.Run("texts of 10", func(b *testing.B) {
		b.ReportAllocs()
		cpu := cpuTime()
		defer func() { reportCPU(b, cpu) }()
		for round := 0; b.Loop(); round++ {
			points, err := s.Chunks(b.Context(), some(round, 10), store.WithText|store.WithDocument)
			if err != nil || len(points) != 10 {
				b.Fatalf("%d points, %v", len(points), err)
			}
		}
	})
	b.Run("profiles of 50", func(b *testing.B) {
		b.ReportAllocs()
		cpu := cpuTime()
		defer func() { reportCPU(b, cpu) }()
		var profiles store.Profiles
		for round := 0; b.Loop(); round++ {
			profiles.Reset()
			if err := s.Profiles(b.Context(), some(round, 50), &profiles); err != nil || profiles.At(49) == nil {
				b.Fatal(err)
			}
		}
	})
}

package local_test

import (
	"fmt"
	"testing"

	"dalil/corpus"
	"dalil/store"
)

// If a passage that was found is gone when it is read, the next search finds the new
// version: the database has a commit a little earlier than the index, and the reading
// waits for the index.
func TestAReadOfAReplacedPassageWaitsForTheIndex(t *testing.T) {
	s := openSmall(t, t.TempDir())
	create(t, s)
	const chunks = 1500 // so that building the index takes longer than the commit
	put(t, s, smallEntry("rewritten", "0", chunks))
	query := []store.ArmQuery{{Dense: smallEntry("rewritten", "0", 1).Points[0].Dense, Limit: 5}}
	read := func() (found, there int) {
		hits, err := s.Search(t.Context(), query)
		if err != nil {
			t.Fatal(err)
		}
		ids := make([]corpus.ChunkID, len(hits[0]))
		for i, h := range hits[0] {
			ids[i] = h.ID
		}
		points, err := s.Chunks(t.Context(), ids, store.WithText)
		if err != nil {
			t.Fatal(err)
		}
		return len(ids), len(points)
	}
	gone := 0
	for revision := 0; revision < 30 && gone < 5; revision++ {
		entry := smallEntry("rewritten", fmt.Sprint(revision+1), chunks)
		written := make(chan error, 1)
		go func() { written <- s.Put(t.Context(), []store.Entry{entry}) }()
		for done := false; !done; {
			select {
			case err := <-written:
				if done = true; err != nil {
					t.Fatal(err)
				}
			default:
			}
			if found, there := read(); there == found {
				continue
			}
			gone++
			if found, there := read(); found != 5 || there != found {
				t.Fatalf("revision %d: the search after a passage was gone found %d, and %d of them are there", revision+1, found, there)
			}
		}
	}
	t.Logf("%d times a passage was gone", gone)
}

package corpus_test

import (
	"testing"

	"dalil/corpus"
)

func TestChunkIDs(t *testing.T) {
	a := corpus.NewChunkID("news/1", "r1", 7)
	if got := a.String(); got != corpus.NewChunkID("news/1", "r1", 7).String() || got[14] != '8' {
		t.Errorf("got %s, want the same UUID of version 8 twice", got)
	}
	if back, err := corpus.ParseChunkID(a.String()); err != nil || back != a {
		t.Errorf("parsed back: %v, %v", back, err)
	}
	for _, ordinal := range []int{0, 1, 255, 256, 65_536, corpus.MaxChunks - 1} {
		id := corpus.NewChunkID("news/1", "r1", ordinal)
		if id.Ordinal() != ordinal || id.Document() != corpus.DocumentKey("news/1") || id.First() != corpus.NewChunkID("news/1", "r1", 0) || id == id.Document() {
			t.Errorf("ordinal %d: %v has ordinal %d and document %v", ordinal, id, id.Ordinal(), id.Document())
		}
	}
	if first, second := corpus.NewChunkID("d", "r", 0), corpus.NewChunkID("d", "r", 1); first.Compare(second) >= 0 {
		t.Error("the chunks of a document don't stand in reading order")
	}
	seen := map[corpus.ChunkID]bool{corpus.DocumentKey("ab"): true, corpus.DocumentKey("a"): true}
	for _, id := range []corpus.ChunkID{
		corpus.NewChunkID("a", "bc", 0), corpus.NewChunkID("ab", "c", 0), corpus.NewChunkID("ab", "", 0),
		corpus.NewChunkID("ab", "c", 1), corpus.NewChunkID("", "abc", 0),
	} {
		if seen[id] {
			t.Errorf("%v names two things", id)
		}
		seen[id] = true
	}
}

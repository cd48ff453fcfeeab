package qdrant

import (
	"dalil/corpus"
	"dalil/store"
)

// lastOfEach removes entries that a later entry replaces.
func lastOfEach(entries []store.Entry) []*store.Entry {
	last := make(map[string]int, len(entries))
	for i := range entries {
		last[entries[i].Document.ID] = i
	}
	kept := make([]*store.Entry, 0, len(last))
	for i := range entries {
		if last[entries[i].Document.ID] == i {
			kept = append(kept, &entries[i])
		}
	}
	return kept
}

func batches(writes []*write) func(yield func([]*write) bool) {
	return func(yield func([]*write) bool) {
		start, passages := 0, 0
		for i, w := range writes {
			if n := len(w.entry.Points); passages+n > batchPassages && i > start {
				if !yield(writes[start:i]) {
					return
				}
				start, passages = i, 0
			}
			passages += len(w.entry.Points)
		}
		if start < len(writes) {
			yield(writes[start:])
		}
	}
}

func unfinished(batch []*write) (todo []*write) {
	for _, w := range batch {
		if !w.done && !w.passed && w.err == nil {
			todo = append(todo, w)
		}
	}
	return todo
}

func documentsOf(batch []*write) []string {
	ids := make([]string, len(batch))
	for i, w := range batch {
		ids[i] = w.entry.Document.ID
	}
	return ids
}

func keysOf(batch []*write) []corpus.ChunkID {
	keys := make([]corpus.ChunkID, len(batch))
	for i, w := range batch {
		keys[i] = w.key
	}
	return keys
}

func greatest(batch []*write) (sequence int64) {
	for _, w := range batch {
		sequence = max(sequence, w.sequence)
	}
	return sequence
}

func least(batch []*write) int64 {
	sequence := batch[0].sequence
	for _, w := range batch {
		sequence = min(sequence, w.sequence)
	}
	return sequence
}

// batchPassages is the largest number of passages that are committed together,
// unless one document has more.
const batchPassages = 2000

package qdrant

import (
	"context"
	"fmt"
	"time"

	"dalil/corpus"
	"dalil/store"
)

// lookBackWithin is the timeout of lookBack.
const lookBackWithin = 5 * time.Second

// lookBack is called when a commit was sent but not answered, so that it may have
// taken effect. It reads the current state of the documents. If it cannot, the
// error says that the outcome is unknown.
func (s *Store) lookBack(ctx context.Context, collection string, batch []*write, failed error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), min(lookBackWithin, s.options.Timeout))
	defer cancel()
	after, err := s.manifests(ctx, s.asking(), collection, keysOf(batch), keyFingerprint)
	claim := int64(0)
	if err == nil {
		claim, err = s.torn(ctx, collection, batch, after)
	}
	if err != nil || claim > 0 {
		for _, w := range batch {
			w.err = &corpus.UnknownError{Cause: failed}
		}
		return failed
	}
	for _, w := range batch {
		if m := after[w.key]; m != nil && m.sequence == w.sequence && m.revision == revision(w.entry) {
			w.done = true
			s.vocabularies.replaced(w.entry.Document.ID, w.replaced, w.entry.Points)
		}
	}
	return failed
}

// failures returns the error of all writes together, or nil if all succeeded.
func failures(writes []*write) error {
	failed := map[string]error{}
	var first error
	for _, w := range writes {
		if w.err == nil {
			continue
		}
		failed[w.entry.Document.ID] = w.err
		if first == nil {
			first = fmt.Errorf("put %q: %w", w.entry.Document.ID, w.err)
		}
	}
	if first == nil || len(writes) == 1 {
		return first
	}
	return &store.PutError{Failed: failed, Cause: first}
}

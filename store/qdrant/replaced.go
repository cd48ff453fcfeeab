package qdrant

import (
	"context"

	sdk "github.com/qdrant/go-client/qdrant"

	"dalil/corpus"
)

// removeReplaced deletes older passages of the documents that this batch wrote. For
// the others, a newer write has removed the passages that it found; removeReplaced
// removes those that this batch added after that.
func (s *Store) removeReplaced(ctx context.Context, collection string, batch []*write, after map[corpus.ChunkID]*manifest) error {
	below := map[int64][]string{}
	for _, w := range batch {
		if w.carried > 0 && w.before == 0 && w.done {
			continue // there was no version
		}
		if m := after[w.key]; m != nil && m.sequence == w.sequence {
			below[w.sequence] = append(below[w.sequence], w.entry.Document.ID)
			continue
		}
		if err := s.removeLeftovers(ctx, collection, w.entry.Document.ID, w.sequence, after[w.key]); err != nil {
			return err
		}
	}
	for sequence, documents := range below {
		if err := s.removeBelow(ctx, collection, documents, sequence); err != nil {
			return err
		}
	}
	return nil
}

// removeBelow deletes the passages of documents whose sequence is smaller than the
// given one.
func (s *Store) removeBelow(ctx context.Context, collection string, documents []string, sequence int64) error {
	older := sdk.NewRange(keySequence, &sdk.Range{Lt: sdk.PtrOf(float64(sequence))})
	return s.deletePoints(ctx, collection, must(kind(kindPassage), sdk.NewMatchKeywords(keyDocumentID, documents...), older))
}

func (s *Store) deletePoints(ctx context.Context, collection string, f *sdk.Filter) error {
	return s.write(ctx, "delete points", func(ctx context.Context) error {
		_, err := s.client.Delete(ctx, &sdk.DeletePoints{
			CollectionName: collection, Wait: sdk.PtrOf(true), Points: sdk.NewPointsSelectorFilter(f),
		})
		return err
	})
}

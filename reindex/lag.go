package reindex

import (
	"context"
	"time"

	"dalil/corpus"
	"dalil/store"
)

// lag counts how many documents one collection is behind another. counts selects
// the documents of the other one; nil: all.
func lag(ctx context.Context, from, to store.Reader, counts func(source, target time.Time) bool) (corpus.Lag, error) {
	var l corpus.Lag
	held, err := holdings(ctx, to)
	if err != nil {
		return l, err
	}
	err = store.Each(ctx, from, func(info store.Record) error {
		there, known := held[info.Document.ID]
		delete(held, info.Document.ID)
		switch {
		case known && there.is(info), counts != nil && !counts(info.UpdatedAt, there.updated):
		case known:
			l.Older++
		default:
			l.Missing++
		}
		return nil
	})
	if counts == nil {
		l.Extra = len(held)
	}
	return l, err
}

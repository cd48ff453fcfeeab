package reindex

import (
	"context"
	"time"

	"dalil/store"
)

// holding is the version of a document in a collection.
type holding struct {
	content string
	updated time.Time
}

// is reports whether another collection has the same version.
func (h holding) is(info store.Record) bool {
	return h.content == store.Content(info.Fingerprint)
}

func holdings(ctx context.Context, s store.Reader) (map[string]holding, error) {
	held := map[string]holding{}
	return held, store.Each(ctx, s, func(info store.Record) error {
		held[info.Document.ID] = holding{store.Content(info.Fingerprint), info.UpdatedAt}
		return nil
	})
}

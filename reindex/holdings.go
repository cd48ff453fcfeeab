package reindex

import (
	"context"
	"time"

	"dalil/store"
)

// holding is the version of a document in a collection.
type holding struct {
	content string
	version int64 // of its source; -1: none
	updated time.Time
}

func holdingOf(info store.Record) holding {
	h := holding{content: store.Content(info.Fingerprint), version: -1, updated: info.UpdatedAt}
	if v := info.Document.SourceVersion; v != nil {
		h.version = *v
	}
	return h
}

// is reports whether another collection has the same version.
func (h holding) is(info store.Record) bool {
	other := holdingOf(info)
	return h.content == other.content && h.version == other.version
}

func holdings(ctx context.Context, s store.Reader) (map[string]holding, error) {
	held := map[string]holding{}
	return held, store.Each(ctx, s, func(info store.Record) error {
		if !info.Expired { // it is being removed
			held[info.Document.ID] = holdingOf(info)
		}
		return nil
	})
}

package store

import (
	"context"

	"dalil/corpus"
)

// Limiter is a store that limits what may be kept in it. Fallback: Put refuses what is
// beyond a limit.
type Limiter interface {
	// Beyond returns the errors of entries that Put would refuse because of a limit now, by
	// document; each is a [corpus.QuotaError]. Of an entry it reads the document's id, and
	// the number and spans of the points. It reserves nothing, so Put may still refuse an
	// entry.
	Beyond(ctx context.Context, entries []Entry) (map[string]error, error)
}

// LimiterOf returns the [Limiter] that r is or wraps; nil: there is none.
func LimiterOf(r Reader) Limiter {
	limiter, _ := able[Limiter](r)
	return limiter
}

// Beyond is [Limiter.Beyond] for the documents that the caller may replace: the error would
// tell the size of another one.
func (b *bound) Beyond(ctx context.Context, entries []Entry) (map[string]error, error) {
	c, err := callerOf(ctx)
	limiter := LimiterOf(b.inner)
	if err != nil || limiter == nil {
		return nil, err
	}
	var keyed []Entry
	for i := range entries {
		id := entries[i].Document.ID
		key, possible := c.key(id)
		if !possible {
			continue
		}
		if c.Restricted() {
			if !c.Filter.Match(&entries[i].Document) {
				continue
			}
			switch _, sees, err := b.document(ctx, c, id); {
			case err == nil && !sees:
				continue
			case err != nil && corpus.KindOf(err) != corpus.ErrNotFound:
				return nil, err
			}
		}
		e := entries[i]
		e.Document.ID = key
		keyed = append(keyed, e)
	}
	if len(keyed) == 0 {
		return nil, nil
	}
	over, err := limiter.Beyond(ctx, keyed)
	if err != nil {
		return nil, c.reworded(err)
	}
	byID := make(map[string]error, len(over))
	for key, why := range over {
		byID[c.id(key)] = why
	}
	return byID, nil
}

package qdrant

import (
	"context"
	"errors"

	sdk "github.com/qdrant/go-client/qdrant"
)

// warm reads manifests into the cache after the first question, because a process
// that only writes needs none. A question itself reads manifests that are not
// cached yet or have changed.
func (s *Store) warm(ctx context.Context) {
	select {
	case <-ctx.Done():
		return
	case <-s.asked:
	}
	read := 0
	err := s.scroll(ctx, s.asking(), s.Collection(), must(kind(kindDocument)), sdk.NewWithPayloadInclude(commitFields...), nil, func(p *sdk.RetrievedPoint) error {
		key, err := chunkID(p.GetId())
		if err != nil {
			return nil // a point of another program
		}
		s.seen.SetIfAbsent(key, readManifest(p.GetPayload()).bare())
		if read++; read == seenMost {
			return errFull
		}
		return nil
	})
	if err != nil && !errors.Is(err, errFull) && ctx.Err() == nil {
		s.options.Log.Warn("manifests could not be read ahead; questions read those that they need", "error", err)
	}
}

var errFull = errors.New("as many as are kept")

// question records that a question has arrived.
func (s *Store) question() { s.first.Do(func() { close(s.asked) }) }

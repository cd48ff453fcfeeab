package qdrant

import (
	"context"
	"errors"

	sdk "github.com/qdrant/go-client/qdrant"
)

// warm reads manifests into memory, as many as it keeps, once the first question
// has come: whoever only writes needs none. A question reads for itself what is
// not there yet, and what has changed since.
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
			return nil // not ours
		}
		s.seen.SetIfAbsent(key, readManifest(p.GetPayload()).bare())
		if read++; read == seenMost {
			return errFull
		}
		return nil
	})
	if err != nil && !errors.Is(err, errFull) && ctx.Err() == nil {
		s.options.Log.Warn("manifests were not read ahead; questions read them as they need them", "error", err)
	}
}

var errFull = errors.New("as many as are kept")

// question signals that a question has arrived.
func (s *Store) question() { s.first.Do(func() { close(s.asked) }) }

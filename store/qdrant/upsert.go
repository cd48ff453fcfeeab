package qdrant

import (
	"context"
	"errors"
	"fmt"

	sdk "github.com/qdrant/go-client/qdrant"
	"golang.org/x/sync/errgroup"
	"google.golang.org/protobuf/proto"
)

// upsert writes points in requests of limited size, several at a time. Existing
// points with this sequence or a greater one do not change.
func (s *Store) upsert(ctx context.Context, collection string, points []*sdk.PointStruct, sequence int64) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(s.options.Parallel)
	for len(points) > 0 {
		n, bytes := 0, 0
		for n < len(points) && n < requestPoints && bytes < requestBytes {
			bytes += proto.Size(points[n])
			n++
		}
		part := points[:n]
		points = points[n:]
		group.Go(func() error { return s.upsertPart(ctx, collection, part, sequence) })
	}
	return group.Wait()
}

// The size of one write request.
const (
	requestPoints = 256
	requestBytes  = 4 << 20
)

// upsertPart sends one request. Writes may arrive at the copies of a shard in any
// order. Of two writes with different sequences the greater one remains, so all
// copies become equal without a leader, whose loss would stop them. If the server
// refuses the request as too large, it is halved, down to a single point.
func (s *Store) upsertPart(ctx context.Context, collection string, points []*sdk.PointStruct, sequence int64) error {
	older := must(sdk.NewRange(keySequence, &sdk.Range{Lt: sdk.PtrOf(float64(sequence))}))
	if err := s.sending.Acquire(ctx, 1); err != nil {
		return err
	}
	err := s.write(ctx, fmt.Sprintf("upsert %d points", len(points)), func(ctx context.Context) error {
		_, err := s.client.Upsert(ctx, &sdk.UpsertPoints{
			CollectionName: collection, Wait: sdk.PtrOf(true), Points: points, UpdateFilter: older,
		})
		return err
	})
	s.sending.Release(1)
	if isBatchLimit(err) && ctx.Err() == nil {
		if len(points) == 1 {
			p := points[0].GetPayload()
			return fmt.Errorf("%s %d of %q: %w", p[keyKind].GetStringValue(), p[keyOrdinal].GetIntegerValue(), p[keyDocumentID].GetStringValue(), err)
		}
		half := len(points) / 2
		return errors.Join(s.upsertPart(ctx, collection, points[:half], sequence), s.upsertPart(ctx, collection, points[half:], sequence))
	}
	return err
}

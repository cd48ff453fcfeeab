package qdrant

import (
	"context"
	"net/http"
	"time"

	sdk "github.com/qdrant/go-client/qdrant"
	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"

	"dalil/corpus"
)

// checkServerClock returns an error if this machine's clock and the server's differ
// by more than ClockSkew. If the server does not report its time, it returns nil.
func (s *Store) checkServerClock(ctx context.Context) error {
	var before, after time.Time
	var server time.Time
	err := s.call(ctx, s.reading(), "health check", func(ctx context.Context) error {
		var header metadata.MD
		before = s.clock.now()
		_, err := s.client.GetQdrantClient().HealthCheck(ctx, &sdk.HealthCheckRequest{}, grpc.Header(&header))
		after = s.clock.now()
		server = dateOf(header)
		return err
	})
	if err != nil || server.IsZero() {
		return err
	}
	ahead := before.Sub(server.Add(time.Second)) // the smallest possible difference, because the server read its clock at some time between the two
	behind := server.Sub(after)
	if max(ahead, behind) <= s.options.ClockSkew {
		return nil
	}
	apart, side := ahead, "ahead"
	if behind > ahead {
		apart, side = behind, "behind"
	}
	return corpus.Refused("this machine's clock is at %s, %v %s of the clock of Qdrant, which is at %s; at most %v is allowed for writing. Set the clocks (NTP)",
		after.UTC().Format(time.RFC3339), apart.Round(time.Second), side, server.UTC().Format(time.RFC3339), s.options.ClockSkew)
}

// dateOf returns the server's time when it sent an answer, in whole seconds, from
// the date in the header. It returns the zero time if there is no date.
func dateOf(header metadata.MD) time.Time {
	dates := header.Get("date")
	if len(dates) != 1 {
		return time.Time{}
	}
	at, err := http.ParseTime(dates[0])
	if err != nil {
		return time.Time{}
	}
	return at
}

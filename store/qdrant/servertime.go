package qdrant

import (
	"context"
	"net/http"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"

	"dalil/corpus"
)

// serverTime takes the clock of the server from the answer to one call: Qdrant's
// listener puts the date into the header of each answer, to the second.
type serverTime struct{ at time.Time }

type serverTimeKey struct{}

// noteServerTime fills the serverTime that the context of a call holds.
func noteServerTime(ctx context.Context, method string, request, reply any, conn *grpc.ClientConn, invoke grpc.UnaryInvoker, options ...grpc.CallOption) error {
	noted, asked := ctx.Value(serverTimeKey{}).(*serverTime)
	if !asked {
		return invoke(ctx, method, request, reply, conn, options...)
	}
	var header metadata.MD
	err := invoke(ctx, method, request, reply, conn, append(options, grpc.Header(&header))...)
	if dates := header.Get("date"); err == nil && len(dates) == 1 {
		noted.at, _ = http.ParseTime(dates[0])
	}
	return err
}

// checkServerClock refuses to write where this machine's clock and the server's
// differ by more than ClockSkew. A server that does not report its time is not
// compared.
func (s *Store) checkServerClock(ctx context.Context) error {
	var before, after time.Time
	var server serverTime
	err := s.call(ctx, s.reading(), "health check", func(ctx context.Context) error {
		server = serverTime{}
		before = s.clock.now()
		_, err := s.client.HealthCheck(context.WithValue(ctx, serverTimeKey{}, &server))
		after = s.clock.now()
		return err
	})
	if err != nil || server.at.IsZero() {
		return err
	}
	ahead := before.Sub(server.at.Add(time.Second)) // at least, whenever between the two the server looked at its clock
	behind := server.at.Sub(after)
	if max(ahead, behind) <= s.options.ClockSkew {
		return nil
	}
	apart, side := ahead, "ahead"
	if behind > ahead {
		apart, side = behind, "behind"
	}
	return corpus.Refused("this machine's clock is at %s, %v %s of the clock of Qdrant, which is at %s; at most %v is allowed for writing. Set the clocks (NTP)",
		after.UTC().Format(time.RFC3339), apart.Round(time.Second), side, server.at.UTC().Format(time.RFC3339), s.options.ClockSkew)
}

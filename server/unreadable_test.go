package server_test

import (
	"context"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"

	dalilv1 "dalil/proto/dalil/v1"
	"dalil/server"
)

// rawCodec sends bytes as they are, as a careless client would.
type rawCodec struct{}

func (rawCodec) Marshal(v any) ([]byte, error)      { return *v.(*[]byte), nil }
func (rawCodec) Unmarshal(data []byte, v any) error { *v.(*[]byte) = data; return nil }
func (rawCodec) Name() string                       { return "proto" }

func TestMessagesThatCannotBeRead(t *testing.T) {
	limits := server.DefaultLimits()
	limits.DocumentBytes = 100_000
	var seen atomic.Int32
	r := serve(t, newBackend(), server.Options{Limits: limits, ObserveUnary: func(
		ctx context.Context, req any, _ *grpc.UnaryServerInfo, handler grpc.UnaryHandler,
	) (any, error) {
		seen.Add(1)
		return handler(ctx, req)
	}})
	for name, test := range map[string]struct {
		message []byte
		want    refusal
	}{
		"not UTF-8":    {[]byte{0x0a, 2, 0xff, 0xfe}, invalid("request")},
		"not protobuf": {[]byte{0xff, 0xff, 0xff}, invalid("request")},
		"too large":    {make([]byte, 1<<20), refusal{Code: codes.ResourceExhausted, Reason: "TOO_LARGE"}},
	} {
		t.Run(name, func(t *testing.T) {
			before := seen.Load()
			var answer []byte
			err := r.Invoke(t.Context(), dalilv1.SearchService_Search_FullMethodName, &test.message, &answer, grpc.ForceCodec(rawCodec{}))
			if diff := cmp.Diff(test.want, refusalOf(err)); diff != "" {
				t.Errorf("error %v (-want +got):\n%s", err, diff)
			}
			eventually(t, "its observation", func() bool { return seen.Load() == before+1 })
		})
	}
}

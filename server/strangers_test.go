package server_test

import (
	"context"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	reflectionpb "google.golang.org/grpc/reflection/grpc_reflection_v1"
	"google.golang.org/grpc/status"

	"dalil/server"
)

// Callers without a credential cannot hold more than a share of the streams.
func TestStrangersHaveFewStreams(t *testing.T) {
	open := true
	r := serve(t, newBackend(), server.Options{Authenticator: newKeyring(), Calls: 64, Reflection: &open})
	health := healthpb.NewHealthClient(r)
	watch := func(ctx context.Context) error {
		stream, err := health.Watch(ctx, &healthpb.HealthCheckRequest{})
		if err == nil {
			_, err = stream.Recv()
		}
		return err
	}
	first, leave := context.WithCancel(t.Context())
	defer leave()
	for i := range 2 + 4 { // those of every connection, and a sixteenth of 64
		ctx := t.Context()
		if i == 0 {
			ctx = first
		}
		if err := watch(ctx); err != nil {
			t.Fatalf("stream %d: %v", i, err)
		}
	}
	overloaded := refusal{Code: codes.ResourceExhausted, Reason: "OVERLOADED"}
	if err := watch(t.Context()); refusalOf(err).Code != overloaded.Code || refusalOf(err).Reason != overloaded.Reason {
		t.Errorf("one more stream: %v", err)
	}
	reflected, err := reflectionpb.NewServerReflectionClient(r).ServerReflectionInfo(t.Context())
	if err == nil {
		_, err = reflected.Recv()
	}
	if refusalOf(err).Reason != overloaded.Reason {
		t.Errorf("open reflection beside them: %v", err)
	}
	for range 3 { // other clients learn that the server is healthy
		other := dial(t, r.address)
		t.Cleanup(func() { other.Close() })
		if stream, err := healthpb.NewHealthClient(other).Watch(t.Context(), &healthpb.HealthCheckRequest{}); err != nil {
			t.Error(err)
		} else if _, err := stream.Recv(); err != nil {
			t.Errorf("the first stream of another connection: %v", err)
		}
	}
	if _, err := health.Check(t.Context(), &healthpb.HealthCheckRequest{}); err != nil {
		t.Errorf("a probe beside them: %v", err)
	}
	leave()
	eventually(t, "a place for another stream", func() bool { return watch(t.Context()) == nil })
}

// A stream of reflection ends with its credential, also if its client is silent.
func TestReflectionEndsWithItsCredential(t *testing.T) {
	keys := newKeyring()
	r := serve(t, newBackend(), server.Options{Authenticator: keys, RecheckEvery: 10 * time.Millisecond})
	stream, err := reflectionpb.NewServerReflectionClient(r).ServerReflectionInfo(bearer(t.Context(), "reader-key"))
	if err != nil {
		t.Fatal(err)
	}
	ask := &reflectionpb.ServerReflectionRequest{MessageRequest: &reflectionpb.ServerReflectionRequest_ListServices{}}
	if err := stream.Send(ask); err != nil {
		t.Fatal(err)
	}
	if _, err := stream.Recv(); err != nil {
		t.Fatal(err)
	}
	keys.revoke("reader-key")
	if _, err := stream.Recv(); status.Code(err) != codes.Unauthenticated {
		t.Errorf("after the key was revoked: %v", err)
	}
}

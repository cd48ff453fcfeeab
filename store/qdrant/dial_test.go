package qdrant

import (
	"context"
	"errors"
	"net"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	sdk "github.com/qdrant/go-client/qdrant"
	"google.golang.org/grpc"
)

// However long Qdrant is away, a connection is tried again within seconds, so that
// an outage ends for us soon after it ends for the server.
func TestALongOutageDoesNotMakeReconnectingSlow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		config, err := Server{Address: "127.0.0.1:6334"}.filled().sdkConfig()
		if err != nil {
			t.Fatal(err)
		}
		var mu sync.Mutex
		var tries []time.Time
		config.PoolSize = 1
		config.GrpcOptions = append(config.GrpcOptions, grpc.WithContextDialer(func(context.Context, string) (net.Conn, error) {
			mu.Lock()
			defer mu.Unlock()
			tries = append(tries, time.Now())
			return nil, errors.New("nobody listens")
		}))
		client, err := sdk.NewClient(config)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
		defer cancel()
		_, err = sdk.NewQdrantClient(client.GetConnection()).HealthCheck(ctx, &sdk.HealthCheckRequest{}, grpc.WaitForReady(true))
		if err == nil {
			t.Error("somebody answered")
		}
		if err := client.Close(); err != nil {
			t.Error(err)
		}
		mu.Lock()
		defer mu.Unlock()
		if len(tries) < 2 {
			t.Fatalf("%d tries in ten minutes", len(tries))
		}
		for i := 1; i < len(tries); i++ {
			if pause := tries[i].Sub(tries[i-1]); pause > maxWait+maxWait/5 { // with its jitter
				t.Fatalf("%v between tries %d and %d", pause, i, i+1)
			}
		}
	})
}

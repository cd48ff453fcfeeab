package app

import (
	"context"
	"net"
	"sync"

	"google.golang.org/grpc"
	"google.golang.org/grpc/test/bufconn"

	"dalil/client"
	"dalil/internal/serving"
)

// Connect serves this app over an in-memory connection and returns the connection,
// so that a command uses a local store through the same API as a server.
func (a *App) Connect() (*grpc.ClientConn, error) {
	listener := bufconn.Listen(1 << 20)
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() {
		front := serving.Inside(a.config, a.log, a.metrics)
		defer front.Close()
		if err := a.server(front).Serve(ctx, listener); err != nil {
			a.log.Error("serve in this process", "error", err)
		}
	})
	a.stopInside = func() { cancel(); running.Wait() }
	connection, err := grpc.NewClient("passthrough:///inside", append(client.DialOptions(),
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) { return listener.DialContext(ctx) }))...)
	if err != nil {
		a.stopInside()
	}
	return connection, err
}

package gateway

import (
	"context"
	"net"
	"sync"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"dalil/client"
	binary "dalil/proto/codec"
)

const (
	// fullConnection is how many calls one connection carries. It is below the limit
	// of the server, beyond which further calls would wait in the gRPC library.
	fullConnection = 200
	// maxAnswer is the largest answer of a call, in bytes.
	maxAnswer = 64 << 20
)

// pool is a connection to the gRPC server of this process. It opens a further
// connection when the others are full. The server limits the number of calls.
type pool struct {
	dial func(context.Context) (net.Conn, error)

	mu   sync.Mutex
	open []*pooled
}

type pooled struct {
	*grpc.ClientConn
	calls int
}

// Invoke makes a unary call.
func (p *pool) Invoke(ctx context.Context, method string, args, reply any, opts ...grpc.CallOption) error {
	c, err := p.take()
	if err != nil {
		return err
	}
	defer p.giveBack(c)
	return c.Invoke(ctx, method, args, reply, opts...)
}

// NewStream begins a stream. It counts until ctx ends, so the caller must end ctx.
func (p *pool) NewStream(ctx context.Context, desc *grpc.StreamDesc, method string, opts ...grpc.CallOption) (grpc.ClientStream, error) {
	c, err := p.take()
	if err != nil {
		return nil, err
	}
	context.AfterFunc(ctx, func() { p.giveBack(c) })
	return c.NewStream(ctx, desc, method, opts...)
}

func (p *pool) take() (*pooled, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range p.open {
		if c.calls < fullConnection {
			c.calls++
			return c, nil
		}
	}
	connection, err := grpc.NewClient("passthrough:///inside",
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) { return p.dial(ctx) }),
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDisableServiceConfig(), grpc.WithDisableRetry(), grpc.WithUnaryInterceptor(client.CheckText),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(maxAnswer), grpc.ForceCodecV2(binary.Client{})))
	if err != nil {
		return nil, err
	}
	c := &pooled{connection, 1}
	p.open = append(p.open, c)
	return c, nil
}

func (p *pool) giveBack(c *pooled) {
	p.mu.Lock()
	defer p.mu.Unlock()
	c.calls--
}

// Close closes the connections. Calls that are running fail.
func (p *pool) Close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range p.open {
		c.ClientConn.Close()
	}
	p.open = nil
}

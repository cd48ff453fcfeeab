package main

import (
	"context"
	"errors"
	"sync"
	"time"

	"google.golang.org/grpc"
)

// lending opens a connection when a call needs one and closes it when no call has used it for a while. A long-lived
// command with it keeps the local store open, and locked, only while it works.
type lending struct {
	open func(context.Context) (grpc.ClientConnInterface, func(), error)
	idle time.Duration

	mu         sync.Mutex
	connection grpc.ClientConnInterface // nil: closed
	close      func()
	calls      int         // that use the connection
	timer      *time.Timer // closes the connection; nil while calls use it
	ended      bool
}

// Invoke makes a unary call.
func (l *lending) Invoke(ctx context.Context, method string, args, reply any, options ...grpc.CallOption) error {
	connection, err := l.borrow(ctx)
	if err != nil {
		return err
	}
	defer l.giveBack()
	return connection.Invoke(ctx, method, args, reply, options...)
}

// NewStream refuses: no tool needs a stream.
func (l *lending) NewStream(context.Context, *grpc.StreamDesc, string, ...grpc.CallOption) (grpc.ClientStream, error) {
	return nil, errors.New("this connection makes unary calls only")
}

func (l *lending) borrow(ctx context.Context) (grpc.ClientConnInterface, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ended {
		return nil, context.Canceled
	}
	if l.connection == nil {
		// The connection outlives the call that opens it.
		connection, closeAll, err := l.open(context.WithoutCancel(ctx))
		if err != nil {
			return nil, err
		}
		l.connection, l.close = connection, closeAll
	}
	if l.timer != nil {
		l.timer.Stop()
		l.timer = nil
	}
	l.calls++
	return l.connection, nil
}

func (l *lending) giveBack() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.calls--
	switch {
	case l.calls > 0:
	case l.ended:
		l.shut()
	default:
		var timer *time.Timer
		timer = time.AfterFunc(l.idle, func() {
			l.mu.Lock()
			defer l.mu.Unlock()
			if l.timer == timer { // no call has begun since
				l.shut()
			}
		})
		l.timer = timer
	}
}

// shut closes the connection. The caller holds the lock, and no call uses the connection.
func (l *lending) shut() {
	if l.connection != nil {
		l.close()
		l.connection, l.close, l.timer = nil, nil, nil
	}
}

// Close closes the connection, or lets the last call that uses it do so.
func (l *lending) Close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ended = true
	if l.calls == 0 {
		l.shut()
	}
}

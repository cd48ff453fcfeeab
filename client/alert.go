package client

import (
	"context"
	"errors"
	"net"
	"time"

	"google.golang.org/grpc/credentials"
)

// alerting are credentials whose connections report why the server closed them. With TLS
// 1.3 a server refuses a client certificate after the client has ended the handshake. The
// client may then fail to write before it has read the refusal, and would report a broken
// pipe.
type alerting struct {
	credentials.TransportCredentials
}

// ClientHandshake wraps the connection.
func (a alerting) ClientHandshake(ctx context.Context, authority string, raw net.Conn) (net.Conn, credentials.AuthInfo, error) {
	connection, info, err := a.TransportCredentials.ClientHandshake(ctx, authority, raw)
	if err != nil {
		return nil, nil, err
	}
	return &alertConn{connection}, info, nil
}

// Clone returns credentials of the same kind.
func (a alerting) Clone() credentials.TransportCredentials {
	return alerting{a.TransportCredentials.Clone()}
}

// alertConn returns the alert of the other side as the error of a write, if there is one.
type alertConn struct{ net.Conn }

// alertWithin is how long a failed write waits for an alert, which is usually there.
const alertWithin = 100 * time.Millisecond

func (c *alertConn) Write(p []byte) (int, error) {
	n, err := c.Conn.Write(p)
	if err == nil || errors.Is(err, net.ErrClosed) {
		return n, err
	}
	var alert *net.OpError // crypto/tls repeats the alert to every reader
	if c.SetReadDeadline(time.Now().Add(alertWithin)) == nil {
		if _, readErr := c.Read(make([]byte, 1)); errors.As(readErr, &alert) && alert.Op == "remote error" {
			return n, alert
		}
	}
	return n, err
}

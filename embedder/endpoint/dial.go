package endpoint

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"syscall"
	"time"
)

// networkClient has a limited pool. Unless private is allowed, it looks at each
// address before it connects, whatever name it came from: a name of the open
// network must not lead to a service inside, or to a cloud's metadata.
func networkClient(private bool) *http.Client {
	dialer := &net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}
	if !private {
		dialer.Control = refuseInside
	}
	return pooled(dialer.DialContext)
}

// socketClient calls through a Unix socket.
func socketClient(path string) *http.Client {
	dialer := &net.Dialer{}
	return pooled(func(ctx context.Context, _, _ string) (net.Conn, error) { return dialer.DialContext(ctx, "unix", path) })
}

func pooled(dial func(ctx context.Context, network, address string) (net.Conn, error)) *http.Client {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxConnsPerHost, transport.MaxIdleConnsPerHost = 16, 16
	transport.DialContext = dial
	return &http.Client{Transport: transport}
}

// named reports whether a host of a URL says by itself which machine it means.
func named(host string) bool {
	_, err := netip.ParseAddr(host)
	return err == nil || strings.EqualFold(host, "localhost")
}

func refuseInside(_, address string, _ syscall.RawConn) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil {
		return err
	}
	if ip := at.Addr().Unmap(); ip.IsPrivate() || ip.IsLoopback() || ip.IsLinkLocalUnicast() || ip.IsUnspecified() {
		return fmt.Errorf("the name stands for %v, an address of a private network: set embedder.private where that is meant", ip)
	}
	return nil
}

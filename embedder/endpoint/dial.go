package endpoint

import (
	"context"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
	"time"

	"dalil/corpus"
)

// networkClient returns a client with a limited pool of connections. If guarded, it
// checks each address before it connects: a public host name must not resolve to an
// internal service or to the metadata of a cloud.
func networkClient(guarded bool, proxy *url.URL) *http.Client {
	dialer := &net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}
	if proxy == nil && guarded {
		dialer.Control = refuseAddress
	}
	transport := pooled(dialer.DialContext)
	if proxy != nil {
		transport.Proxy = proxyFor(proxy, guarded)
		transport.OnProxyConnectResponse = proxyAnswered
	}
	return &http.Client{Transport: transport}
}

// socketClient calls through a Unix socket.
func socketClient(path string) *http.Client {
	dialer := &net.Dialer{}
	return &http.Client{Transport: pooled(func(ctx context.Context, _, _ string) (net.Conn, error) {
		return dialer.DialContext(ctx, "unix", path)
	})}
}

// pooled returns a transport without a proxy. It reads nothing from the
// environment.
func pooled(dial func(ctx context.Context, network, address string) (net.Conn, error)) *http.Transport {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxConnsPerHost, transport.MaxIdleConnsPerHost = 16, 16
	transport.DialContext = dial
	transport.Proxy = nil
	return transport
}

// named reports whether the host of a URL is localhost or an IP address.
func named(host string) bool {
	_, err := netip.ParseAddr(host)
	return err == nil || strings.EqualFold(host, "localhost")
}

func refuseAddress(_, address string, _ syscall.RawConn) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil {
		return err
	}
	return refuseInside(at.Addr())
}

func refuseInside(ip netip.Addr) error {
	if ip = ip.Unmap(); ip.IsPrivate() || ip.IsLoopback() || ip.IsLinkLocalUnicast() || ip.IsUnspecified() {
		return corpus.Errorf(corpus.ErrDenied, "the host name in the URL resolves to %v, an address of a private network; set embedder.private if this is intended", ip)
	}
	return nil
}

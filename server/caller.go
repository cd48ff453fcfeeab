package server

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync/atomic"

	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/peer"

	"dalil/corpus"
)

// Caller is where a call comes from.
type Caller struct {
	Peer        netip.Addr        // address of the connection; the zero value: unknown
	Certificate *x509.Certificate // the verified certificate of the client; nil: none
	Local       bool              // only this machine can reach the listener

	// paid is of a request over HTTP: its caller has been charged with a request, which
	// the first call for it need not charge again.
	paid *atomic.Bool

	over *connection // nil: its listener has no limit of connections
}

// CallerField is the header field with which a gateway of this process names the
// caller of a request (see [Server.Present]). It has a meaning only on the gateways'
// own listeners of [Server.Serve], which other processes cannot reach.
const CallerField = "dalil-caller"

// Present makes the caller of a request known to the calls that a gateway makes for
// it: they carry the id as [CallerField]. The gateway must call gone after the last
// of these calls.
func (s *Server) Present(c Caller) (id string, gone func()) {
	var b [16]byte
	rand.Read(b[:]) // never fails
	id = hex.EncodeToString(b[:])
	c.paid = new(atomic.Bool)
	s.callers.Store(id, c)
	return id, func() { s.callers.Delete(id) }
}

// callerOf returns where a call comes from.
func (r *serving) callerOf(ctx context.Context) (Caller, error) {
	p, ok := peer.FromContext(ctx)
	if !ok {
		return Caller{}, errNoEntry
	}
	if _, inside := p.Addr.(insideAddr); !inside {
		c := Caller{Peer: addressOf(p.Addr), Local: r.local, over: acceptedAs(p.Addr)}
		if secured, ok := p.AuthInfo.(credentials.TLSInfo); ok {
			c.Certificate = verified(&secured.State)
		}
		return c, nil
	}
	ids := metadata.ValueFromIncomingContext(ctx, CallerField)
	if len(ids) != 1 {
		return Caller{}, corpus.Errorf(corpus.ErrInternal, "a call of the gateway has no caller")
	}
	c, known := r.callers.Load(ids[0])
	if !known { // the request ended before its call arrived
		return Caller{}, fmt.Errorf("the gateway no longer serves the request: %w", context.Canceled)
	}
	return c.(Caller), nil
}

// connectionOf returns a name of the connection of a call, which no other open connection
// over TCP has.
func connectionOf(ctx context.Context) string {
	if p, ok := peer.FromContext(ctx); ok {
		return p.Addr.String()
	}
	return ""
}

// addressOf returns the IP address of a connection; the zero value: it has none.
func addressOf(a net.Addr) netip.Addr {
	if own, ok := a.(*connectionAddr); ok {
		a = own.Addr
	}
	if tcp, ok := a.(*net.TCPAddr); ok {
		return tcp.AddrPort().Addr().Unmap()
	}
	return netip.Addr{}
}

// verified returns the certificate of a client that the handshake has verified.
func verified(state *tls.ConnectionState) *x509.Certificate {
	if state == nil || len(state.VerifiedChains) == 0 || len(state.VerifiedChains[0]) == 0 {
		return nil
	}
	return state.VerifiedChains[0][0]
}

// CallerOfRequest returns where a request over HTTP comes from. local says whether
// only this machine can reach the listener.
func CallerOfRequest(r *http.Request, local bool) Caller {
	c := Caller{Certificate: verified(r.TLS), Local: local, over: connectionIn(r.Context())}
	if at, err := netip.ParseAddrPort(r.RemoteAddr); err == nil {
		c.Peer = at.Addr().Unmap()
	}
	return c
}

// HeaderOfRequest returns the fields of a request over HTTP that say who makes it and
// for whom, as the header of a call. Characters that such a header cannot have are
// replaced, so that a credential with one is refused and not overlooked.
func HeaderOfRequest(h http.Header) metadata.MD {
	header := metadata.MD{}
	for _, name := range []string{authorizationField, apiKeyField, tenantField} {
		for _, value := range h.Values(name) {
			header.Append(name, strings.Map(func(c rune) rune {
				if c < ' ' || c > '~' {
					return '?'
				}
				return c
			}, value))
		}
	}
	return header
}

// inside is a listener of this process.
type inside struct{ net.Listener }

// Accept returns a connection that callerOf recognises.
func (l inside) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return insideConn{c}, nil
}

type insideConn struct{ net.Conn }

// RemoteAddr returns an address that no other connection has.
func (insideConn) RemoteAddr() net.Addr { return insideAddr{} }

type insideAddr struct{}

func (insideAddr) Network() string { return "inside" }
func (insideAddr) String() string  { return "inside" }

// secured does the handshake of TLS on connections of TCP, and none on those of this
// process.
type secured struct {
	credentials.TransportCredentials
}

// ServerHandshake does the handshake of TLS.
func (s secured) ServerHandshake(c net.Conn) (net.Conn, credentials.AuthInfo, error) {
	if _, own := c.(insideConn); own {
		return insecure.NewCredentials().ServerHandshake(c)
	}
	return s.TransportCredentials.ServerHandshake(c)
}

// Clone returns a copy.
func (s secured) Clone() credentials.TransportCredentials {
	return secured{s.TransportCredentials.Clone()}
}

package server

import (
	"fmt"
	"net"
	"strings"
)

// Guard says what protects the listeners of a server.
type Guard struct {
	TLS            bool // the listeners have TLS
	Authenticator  bool // every caller is asked for a credential
	AllowPlaintext bool // TLS may be missing
	AllowAnonymous bool // the authenticator may be missing
}

// Guard returns what protects the listeners of the server.
func (s *Server) Guard() Guard {
	o := &s.options
	return Guard{o.TLS != nil, o.Authenticator != nil, o.AllowPlaintext, o.AllowAnonymous}
}

// Check refuses an address beyond loopback unless it is protected, or its protection
// was given up: without TLS, whoever can read the network reads credentials and
// documents; without an authenticator, whoever reaches the port can read, write and
// delete. An address without a host (":7810") means every interface. Host names other
// than localhost are refused too, because what they resolve to can change.
func (g Guard) Check(address string) error {
	if near, err := nearby(address); near || err != nil {
		return err
	}
	var missing []string
	if !g.TLS && !g.AllowPlaintext {
		missing = append(missing, "Without TLS, they can read what others ask and which keys they send: set tls.cert and tls.key, or accept it with --allow-plaintext")
	}
	if !g.Authenticator && !g.AllowAnonymous {
		missing = append(missing, "Without authentication, they can read, write and delete: set access.keys, or accept it with --allow-anonymous")
	}
	switch len(missing) {
	case 0:
		return nil
	case 2:
		missing = append(missing, "--insecure accepts both")
	}
	return fmt.Errorf("address to listen on %q: other machines can reach it. %s. Or use 127.0.0.1", address, strings.Join(missing, ". "))
}

// GivenUp says what the settings of a guard give up at an address, for the log.
func (g Guard) GivenUp(address string) []string {
	if near, err := nearby(address); near || err != nil {
		return nil
	}
	var lost []string
	if !g.TLS {
		lost = append(lost, "--allow-plaintext: whoever can read the network reads questions, documents and keys")
	}
	if !g.Authenticator {
		lost = append(lost, "--allow-anonymous: whoever reaches this address can read, write and delete everything")
	}
	return lost
}

// nearby reports whether only this machine can reach an address to listen on.
func nearby(address string) (bool, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return false, fmt.Errorf("address to listen on %q: %w", address, err)
	}
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback(), nil
}

// At is an address to listen on, with the setting that it comes from.
type At struct{ Setting, Address string }

// Listen opens a listener on each address, or none of them. An empty address has the
// listener nil. The guard checks all addresses.
func Listen(g Guard, all ...At) ([]net.Listener, error) {
	for _, at := range all {
		if at.Address != "" {
			if err := g.Check(at.Address); err != nil {
				return nil, fmt.Errorf("%s: %w", at.Setting, err)
			}
		}
	}
	open := make([]net.Listener, len(all))
	for i, at := range all {
		if at.Address == "" {
			continue
		}
		var err error
		if open[i], err = net.Listen("tcp", at.Address); err != nil {
			for _, l := range open[:i] {
				if l != nil {
					l.Close()
				}
			}
			return nil, fmt.Errorf("%s: %w", at.Setting, err)
		}
	}
	return open, nil
}

// Address returns the address of a listener; "" if it is nil.
func Address(l net.Listener) string {
	if l == nil {
		return ""
	}
	return l.Addr().String()
}

// Local reports whether only this machine can reach the address: it is loopback, or
// not an address of TCP.
func Local(a net.Addr) bool {
	tcp, ok := a.(*net.TCPAddr)
	return !ok || tcp.IP.IsLoopback()
}

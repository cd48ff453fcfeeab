package server

import (
	"fmt"
	"net"
)

// CheckListen refuses an address beyond loopback unless insecure is set: whoever
// reaches the port can read, write and delete. An address without a host (":7810")
// means every interface. Host names other than localhost are refused too, because
// what they resolve to can change.
func CheckListen(address string, insecure bool) error {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return fmt.Errorf("address to listen on %q: %w", address, err)
	}
	if insecure || host == "localhost" {
		return nil
	}
	if ip := net.ParseIP(host); ip != nil && ip.IsLoopback() {
		return nil
	}
	return fmt.Errorf("address to listen on %q: other machines can reach it, and there is no authentication; "+
		"use 127.0.0.1, or allow it with --insecure", address)
}

// At is an address to listen on, with the setting that it comes from.
type At struct{ Setting, Address string }

// Listen opens a listener on each address, or none of them. An empty address has the
// listener nil. CheckListen applies to all addresses.
func Listen(insecure bool, all ...At) ([]net.Listener, error) {
	for _, at := range all {
		if at.Address != "" {
			if err := CheckListen(at.Address, insecure); err != nil {
				return nil, err
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

// local reports whether only this machine can reach the address: it is loopback, or
// not an address of TCP.
func local(a net.Addr) bool {
	tcp, ok := a.(*net.TCPAddr)
	return !ok || tcp.IP.IsLoopback()
}

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

// local reports whether only this machine can reach the address: it is loopback, or
// not an address of TCP.
func local(a net.Addr) bool {
	tcp, ok := a.(*net.TCPAddr)
	return !ok || tcp.IP.IsLoopback()
}

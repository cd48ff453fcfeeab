package server

import (
	"fmt"
	"net"
)

// CheckListen refuses an address beyond loopback unless insecure allows it:
// whoever reaches the port can read, write and delete. An address without a
// host (":7810") is every interface. Names other than localhost are refused
// too, they resolve to what the resolver says on that day.
func CheckListen(address string, insecure bool) error {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return fmt.Errorf("listen address %q: %w", address, err)
	}
	if insecure || host == "localhost" {
		return nil
	}
	if ip := net.ParseIP(host); ip != nil && ip.IsLoopback() {
		return nil
	}
	return fmt.Errorf("listen address %q: is reachable from other machines and there is no authentication; "+
		"listen on 127.0.0.1, or allow it with --insecure", address)
}

// local reports whether only this machine reaches the address: loopback, or a
// socket that is not of TCP.
func local(a net.Addr) bool {
	tcp, ok := a.(*net.TCPAddr)
	return !ok || tcp.IP.IsLoopback()
}

package doctor

import (
	"context"
	"net"
	"time"
)

// Port is an address that the server listens on.
type Port struct {
	Key     string // its setting
	Address string // "": turned off
}

// ports tries to listen on the addresses. A port that is in use is only a warning, because a
// running server of this installation may use it.
func ports(_ context.Context, x *examination) {
	for _, p := range x.Ports {
		if p.Address == "" {
			x.ok("port "+p.Key, "turned off")
			continue
		}
		listener, err := net.Listen("tcp", p.Address)
		if err == nil {
			listener.Close()
			x.ok("port "+p.Key, "%s is free", p.Address)
			continue
		}
		if connection, dialErr := net.DialTimeout("tcp", p.Address, time.Second); dialErr == nil {
			connection.Close()
			x.warn("port "+p.Key, "if the program there is not Dalil, choose another address for "+p.Key, "%s is in use", p.Address)
			continue
		}
		x.fail("port "+p.Key, "choose another address for "+p.Key, err)
	}
}

package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"time"

	"google.golang.org/grpc/codes"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/status"

	"dalil/client"
	"dalil/internal/config"
)

// healthCommand is the health probe for a container without a shell. It calls the
// health service on the port that also serves questions.
type healthCommand struct {
	Address string `placeholder:"HOST:PORT" help:"Address of the server (default: the configured listen address; loopback if that is every interface)."`
	Service string `placeholder:"NAME" help:"Service to check, such as dalil.v1.SearchService (default: the whole server)."`
	connecting
	Timeout time.Duration `default:"2s" help:"How long to wait for the answer. The wait includes the start of the server."`
}

// Run succeeds if the server reports SERVING.
func (c *healthCommand) Run(ctx context.Context, g *Globals, s streams) error {
	if c.Timeout <= 0 {
		return fmt.Errorf("--timeout: must be above 0, is %v", c.Timeout)
	}
	address, mine := c.Address, config.TLS{}
	if address == "" {
		settings, err := g.load(s)
		if err != nil {
			return err
		}
		address, mine = settings.Listen, settings.TLS
	}
	address, err := reachable(address)
	if err != nil {
		return err
	}
	connection, err := c.own(address, mine, g, s)
	if err != nil {
		return err
	}
	defer connection.Close()
	ctx, cancel := context.WithTimeout(ctx, c.Timeout)
	defer cancel()
	// The call waits for the port, so a server that is starting and a refused
	// connection are one case: no answer in time.
	answer, err := healthpb.NewHealthClient(connection).Check(ctx, &healthpb.HealthCheckRequest{Service: c.Service}, client.WaitForReady())
	cause, silent := unreachable(err)
	switch {
	case err == nil:
	case unusable(err, address) != nil:
		return unusable(err, address)
	case silent && cause == noAnswer:
		return fmt.Errorf("the server at %s does not answer within %v", address, c.Timeout)
	case silent:
		return fmt.Errorf("the server at %s does not answer: %s", address, cause)
	case status.Code(err) == codes.NotFound:
		return fmt.Errorf("%s: there is no service %q", address, c.Service)
	case errors.Is(ctx.Err(), context.Canceled):
		return ctx.Err()
	default:
		return fmt.Errorf("%s: %s", address, status.Convert(err).Message())
	}
	if state := answer.GetStatus(); state != healthpb.HealthCheckResponse_SERVING {
		return fmt.Errorf("%s: %v; /readyz of the admin port says why", address, state)
	}
	_, err = fmt.Fprintf(s.out, "%s: serving\n", address)
	return err
}

// reachable turns an address to listen on into an address to call. It replaces
// "every interface" by loopback.
func reachable(address string) (string, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return "", fmt.Errorf("address %q: %w", address, err)
	}
	switch ip := net.ParseIP(host); {
	case host == "" || ip.Equal(net.IPv4zero):
		host = "127.0.0.1"
	case ip.Equal(net.IPv6unspecified):
		host = "::1"
	}
	return net.JoinHostPort(host, port), nil
}

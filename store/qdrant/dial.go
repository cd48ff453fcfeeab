package qdrant

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
	"time"

	sdk "github.com/qdrant/go-client/qdrant"
	"google.golang.org/grpc"
	grpcbackoff "google.golang.org/grpc/backoff"
	"google.golang.org/grpc/resolver"
	"google.golang.org/grpc/resolver/manual"

	"dalil/corpus"
)

// Server says how to reach Qdrant.
type Server struct {
	// Address is host:port of the gRPC listener; "": 127.0.0.1:6334. Several nodes
	// of a cluster are separated by commas; calls use those that answer in turn.
	Address     string
	Key         string // API key; sent with every call
	TLS         bool
	CA          string        // PEM file of the root certificates to trust; "": those of the system
	Certificate string        // PEM file of a client certificate
	PrivateKey  string        // PEM file of its key
	Timeout     time.Duration // timeout of one call, unless the caller's deadline is earlier; 0: 10 s
	Connections int           // 0: 3
	Parallel    int           // largest number of write requests at a time; 0: 4
}

func (s Server) filled() Server {
	if s.Address == "" {
		s.Address = "127.0.0.1:6334"
	}
	if s.Timeout <= 0 {
		s.Timeout = 10 * time.Second
	}
	if s.Connections <= 0 {
		s.Connections = 3
	}
	if s.Parallel <= 0 {
		s.Parallel = 4
	}
	return s
}

// reconnect limits the pauses before a new connection. gRPC's own pauses grow to
// two minutes, so an outage would last longer for Dalil than for the server.
var reconnect = grpc.ConnectParams{
	Backoff:           grpcbackoff.Config{BaseDelay: 100 * time.Millisecond, Multiplier: 1.6, Jitter: 0.2, MaxDelay: maxWait},
	MinConnectTimeout: maxWait,
}

// maxAnswer is the largest answer of the server, in bytes.
const maxAnswer = 256 << 20

// dial prepares the connections. gRPC connects at the first call, and again after
// every interruption.
func dial(s Server) (*sdk.Client, error) {
	config, err := s.sdkConfig()
	if err != nil {
		return nil, err
	}
	client, err := sdk.NewClient(config)
	if err != nil {
		return nil, corpus.Errorf(corpus.ErrInvalid, "store.address: connect to Qdrant at %s: %w", s.Address, corpus.Foreign(err))
	}
	return client, nil
}

// sdkConfig returns the configuration of the SDK.
func (s Server) sdkConfig() (*sdk.Config, error) {
	nodes, err := s.nodes()
	if err != nil {
		return nil, err
	}
	config := &sdk.Config{
		Host: nodes[0].host, Port: nodes[0].port, UseTLS: s.TLS, PoolSize: uint(s.Connections),
		SkipCompatibilityCheck: true, // checkVersion returns an error where the SDK only warns
		GrpcOptions: []grpc.DialOption{
			grpc.WithDefaultCallOptions(append(answersPlain(), grpc.MaxCallRecvMsgSize(maxAnswer))...),
			grpc.WithConnectParams(reconnect),
		},
	}
	if len(nodes) > 1 {
		config.GrpcOptions = append(config.GrpcOptions, round(nodes)...)
	}
	if s.Key != "" {
		config.Headers = map[string]string{"api-key": s.Key}
	}
	if s.TLS {
		if config.TLSConfig, err = tlsConfig(s); err != nil {
			return nil, err
		}
	}
	return config, nil
}

// node is one server of a cluster.
type node struct {
	host string
	port int
}

func (s Server) nodes() ([]node, error) {
	var nodes []node
	for address := range strings.SplitSeq(s.Address, ",") {
		host, port, err := net.SplitHostPort(strings.TrimSpace(address))
		if err != nil {
			return nil, corpus.Invalid("store.address", fmt.Sprintf("%q is not a host:port", address))
		}
		number, err := strconv.ParseUint(port, 10, 16)
		if err != nil || number == 0 {
			return nil, corpus.Invalid("store.address", fmt.Sprintf("%q has no port from 1 to 65535", address))
		}
		nodes = append(nodes, node{host, int(number)})
	}
	return nodes, nil
}

// round distributes calls over all nodes in turn. The SDK takes one address, so a
// resolver resolves it to all nodes.
func round(nodes []node) []grpc.DialOption {
	all := manual.NewBuilderWithScheme("dns") // what a bare address is resolved by
	var state resolver.State
	for _, n := range nodes {
		state.Addresses = append(state.Addresses, resolver.Address{Addr: net.JoinHostPort(n.host, strconv.Itoa(n.port)), ServerName: n.host})
	}
	all.InitialState(state)
	return []grpc.DialOption{grpc.WithResolvers(all), grpc.WithDefaultServiceConfig(`{"loadBalancingConfig":[{"round_robin":{}}]}`)}
}

func tlsConfig(s Server) (*tls.Config, error) {
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	if s.CA != "" {
		pem, err := os.ReadFile(s.CA)
		if err != nil {
			return nil, corpus.Invalid("store.ca", err.Error())
		}
		config.RootCAs = x509.NewCertPool()
		if !config.RootCAs.AppendCertsFromPEM(pem) {
			return nil, corpus.Invalid("store.ca", s.CA+" contains no certificate in PEM format")
		}
	}
	if s.Certificate != "" || s.PrivateKey != "" {
		pair, err := tls.LoadX509KeyPair(s.Certificate, s.PrivateKey)
		if err != nil {
			return nil, corpus.Invalid("store.certificate", fmt.Sprintf("cannot be read together with store.private_key: %v", err))
		}
		config.Certificates = []tls.Certificate{pair}
	}
	return config, nil
}

// oldest is the first version of Qdrant with conditional updates and collection metadata.
var oldest = [2]int{1, 16}

// checkVersion returns an error if the server does not support what the layout needs.
func (s *Store) checkVersion(ctx context.Context) error {
	var reply *sdk.HealthCheckReply
	err := s.read(ctx, "health check", func(ctx context.Context) (err error) {
		reply, err = s.client.HealthCheck(ctx)
		return err
	})
	if err != nil {
		return err
	}
	major, minor, ok := parseVersion(reply.GetVersion())
	if !ok {
		return corpus.Errorf(corpus.ErrUnsupported, "the server at %s has version %q, which is not a version of Qdrant; check store.address", s.options.Address, reply.GetVersion())
	}
	if major < oldest[0] || major == oldest[0] && minor < oldest[1] {
		return corpus.Errorf(corpus.ErrUnsupported, "the Qdrant at %s has version %s, but Dalil needs %d.%d.0 or newer; upgrade Qdrant, one minor version at a time",
			s.options.Address, reply.GetVersion(), oldest[0], oldest[1])
	}
	return nil
}

func parseVersion(v string) (major, minor int, ok bool) {
	parts := strings.SplitN(v, ".", 3)
	if len(parts) < 2 {
		return 0, 0, false
	}
	major, err := strconv.Atoi(parts[0])
	if err != nil {
		return 0, 0, false
	}
	minor, err = strconv.Atoi(parts[1])
	return major, minor, err == nil
}

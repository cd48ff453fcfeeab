package main

import (
	"context"
	"io"
	"net"
	"regexp"
	"slices"
	"strings"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/health"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
)

// serving runs "dalil serve" on ports of its own until the test ends, and
// returns its gRPC address.
func serving(t *testing.T, flags ...string) string {
	t.Helper()
	grpcAddress, _ := servingBoth(t, flags...)
	return grpcAddress
}

// servingBoth does the same, and also returns the address of HTTP; "": it is off.
func servingBoth(t *testing.T, flags ...string) (grpcAddress, httpAddress string) {
	t.Helper()
	logged, log := io.Pipe()
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan int, 1)
	go func() {
		ended <- run(ctx, slices.Concat([]string{"--data", t.TempDir(), "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0"}, flags, []string{"serve"}),
			streams{in: strings.NewReader(""), out: io.Discard, err: log})
		log.Close()
	}()
	address, reported := make(chan [2]string, 1), regexp.MustCompile(`grpc=(\S+) .*http=(\S+)\n`)
	go func() {
		var text []byte
		chunk := make([]byte, 4096)
		for {
			n, err := logged.Read(chunk)
			text = append(text, chunk[:n]...)
			if found := reported.FindSubmatch(text); found != nil {
				select {
				case address <- [2]string{string(found[1]), strings.Trim(string(found[2]), `"`)}:
				default:
				}
			}
			if err != nil {
				return
			}
		}
	}()
	select {
	case a := <-address:
		t.Cleanup(func() {
			stop()
			if code := <-ended; code != 0 {
				t.Errorf("serve ended with %d", code)
			}
		})
		return a[0], a[1]
	case code := <-ended:
		stop()
		t.Fatalf("serve ended with %d", code)
		return "", ""
	}
}

// answering is a health service that gives one answer.
func answering(t *testing.T, status healthpb.HealthCheckResponse_ServingStatus) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server, state := grpc.NewServer(), health.NewServer()
	state.SetServingStatus("", status)
	healthpb.RegisterHealthServer(server, state)
	go server.Serve(listener)
	t.Cleanup(server.Stop)
	return listener.Addr().String()
}

func TestHealth(t *testing.T) {
	up := serving(t)
	down := answering(t, healthpb.HealthCheckResponse_NOT_SERVING)
	mute, err := net.Listen("tcp", "127.0.0.1:0") // takes connections and says nothing
	if err != nil {
		t.Fatal(err)
	}
	defer mute.Close()
	gone, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	gone.Close()
	_, port, err := net.SplitHostPort(up)
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		environment []string
		args        []string
		code        int
		want        string
	}{
		"up":                  {nil, []string{"--address", up}, 0, up + ": serving"},
		"the configured one":  {[]string{"DALIL_LISTEN=" + up}, nil, 0, up + ": serving"},
		"every interface":     {[]string{"DALIL_LISTEN=0.0.0.0:" + port, "DALIL_INSECURE=true"}, nil, 0, up + ": serving"},
		"no host":             {nil, []string{"--address", ":" + port}, 0, up + ": serving"},
		"one service":         {nil, []string{"--address", up, "--service", "dalil.v1.SearchService"}, 0, "serving"},
		"no such service":     {nil, []string{"--address", up, "--service", "dalil.v9.X"}, 1, `no service "dalil.v9.X"`},
		"not serving":         {nil, []string{"--address", down}, 1, "NOT_SERVING; /readyz"},
		"mute":                {nil, []string{"--address", mute.Addr().String(), "--timeout", "50ms"}, 1, "dalil: the server at " + mute.Addr().String() + " does not answer within 50ms\n"},
		"nobody listens":      {nil, []string{"--address", gone.Addr().String(), "--timeout", "200ms"}, 1, "dalil: the server at " + gone.Addr().String() + " does not answer: dial tcp " + gone.Addr().String() + ": connect: connection refused\n"},
		"no address":          {nil, []string{"--address", "x"}, 1, `address "x"`},
		"no time":             {nil, []string{"--address", up, "--timeout", "0s"}, 1, "--timeout"},
		"broken settings":     {[]string{"DALIL_LISTN=x"}, nil, 1, "DALIL_LISTEN"},
		"settings not needed": {[]string{"DALIL_LISTN=x"}, []string{"--address", up}, 0, "serving"},
	} {
		code, out, errs := dalil(t, "", "", test.environment, append([]string{"health"}, test.args...)...)
		if code != test.code || !strings.Contains(out+errs, test.want) {
			t.Errorf("%s: %d, want %d with %q\n%s%s", name, code, test.code, test.want, out, errs)
		}
	}
}

func TestReachable(t *testing.T) {
	for listen, want := range map[string]string{
		"127.0.0.1:7810": "127.0.0.1:7810", "0.0.0.0:1": "127.0.0.1:1", ":1": "127.0.0.1:1", "[::]:1": "[::1]:1",
		"dalil:7810": "dalil:7810", "[::1]:2": "[::1]:2",
	} {
		if got, err := reachable(listen); err != nil || got != want {
			t.Errorf("%s is called at %s, %v; want %s", listen, got, err, want)
		}
	}
}

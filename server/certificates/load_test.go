package certificates

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/health"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"

	"dalil/internal/tlstest"
)

// Certificates are renewed while clients call over gRPC, HTTP/1.1 and HTTP/2, each call
// on a connection of its own. No call fails.
func TestARotationLosesNoCall(t *testing.T) {
	ca := tlstest.New(t)
	pair := ca.Issue(t, tlstest.Leaf{Name: "0"})
	p, _ := open(t, Files{Certificate: pair.Certificate, Key: pair.Key})
	roots := x509.NewCertPool()
	data, err := os.ReadFile(ca.File)
	if err != nil {
		t.Fatal(err)
	}
	roots.AppendCertsFromPEM(data)

	listen := func() net.Listener {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		return l
	}
	rpc, web := listen(), listen()
	calls := grpc.NewServer(grpc.Creds(credentials.NewTLS(p.Config("h2"))))
	healthpb.RegisterHealthServer(calls, health.NewServer())
	pages := &http.Server{
		TLSConfig: p.Config("h2", "http/1.1"), ErrorLog: log.New(io.Discard, "", 0), ReadHeaderTimeout: time.Minute,
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, r.Proto) }),
	}
	var serving sync.WaitGroup
	serving.Go(func() { _ = calls.Serve(rpc) })
	serving.Go(func() { _ = pages.ServeTLS(web, "", "") })
	defer func() {
		calls.Stop()
		pages.Close()
		serving.Wait()
	}()

	var names sync.Map // of the certificates that clients saw
	trust := func() *tls.Config {
		return &tls.Config{RootCAs: roots, ServerName: "localhost", VerifyConnection: func(s tls.ConnectionState) error {
			names.Store(s.PeerCertificates[0].Subject.CommonName, true)
			return nil
		}}
	}
	overHTTP := func(h2 bool) func() error {
		protocols := &http.Protocols{}
		protocols.SetHTTP1(!h2)
		protocols.SetHTTP2(h2)
		want := map[bool]string{true: "HTTP/2.0", false: "HTTP/1.1"}[h2]
		return func() error {
			transport := &http.Transport{TLSClientConfig: trust(), Protocols: protocols}
			defer transport.CloseIdleConnections()
			response, err := (&http.Client{Transport: transport}).Get("https://" + web.Addr().String())
			if err != nil {
				return err
			}
			defer response.Body.Close()
			if body, err := io.ReadAll(response.Body); err != nil || string(body) != want {
				return fmt.Errorf("%s, %w", body, err)
			}
			return nil
		}
	}
	overGRPC := func() error {
		c, err := grpc.NewClient("passthrough:///"+rpc.Addr().String(), grpc.WithTransportCredentials(credentials.NewTLS(trust())))
		if err != nil {
			return err
		}
		defer c.Close()
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		_, err = healthpb.NewHealthClient(c).Check(ctx, &healthpb.HealthCheckRequest{})
		return err
	}

	var clients sync.WaitGroup
	var done atomic.Int64
	stop := make(chan struct{})
	for _, call := range []func() error{overHTTP(false), overHTTP(true), overGRPC} {
		clients.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				if err := call(); err != nil {
					t.Error(err)
					return
				}
				done.Add(1)
			}
		})
	}
	last := ""
	for i := range 10 {
		last = fmt.Sprint(i + 1)
		ca.IssueTo(t, tlstest.Leaf{Name: last}, pair)
		for before := done.Load(); done.Load() < before+6 && !t.Failed(); {
			time.Sleep(time.Millisecond)
		}
	}
	close(stop)
	clients.Wait()
	if _, ok := names.Load(last); !ok {
		t.Errorf("no client got certificate %s", last)
	}
	seen := 0
	names.Range(func(any, any) bool { seen++; return true })
	if seen < 10 {
		t.Errorf("clients got %d certificates", seen)
	}
}

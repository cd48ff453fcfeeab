package client_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/health"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/resolver"
	"google.golang.org/grpc/resolver/manual"
	"google.golang.org/grpc/status"

	"dalil/client"
	"dalil/internal/tlstest"
	dalilv1 "dalil/proto/dalil/v1"
)

// heard is a server that remembers the headers of calls by method.
type heard struct {
	dalilv1.UnimplementedSearchServiceServer
	dalilv1.UnimplementedDocumentServiceServer
	address string
	mu      sync.Mutex
	headers map[string]metadata.MD
}

func (h *heard) note(ctx context.Context, method string) {
	md, _ := metadata.FromIncomingContext(ctx)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.headers[method] = md
}

func (h *heard) header(method, name string) string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return strings.Join(h.headers[method].Get(name), ",")
}

func (h *heard) Search(context.Context, *dalilv1.SearchRequest) (*dalilv1.SearchResponse, error) {
	return &dalilv1.SearchResponse{}, nil
}

func (h *heard) IngestDocuments(s grpc.BidiStreamingServer[dalilv1.IngestDocumentsRequest, dalilv1.IngestDocumentsResponse]) error {
	_, err := s.Recv()
	if err != nil {
		return nil
	}
	return s.Send(&dalilv1.IngestDocumentsResponse{})
}

const (
	searchMethod = "/dalil.v1.SearchService/Search"
	ingestMethod = "/dalil.v1.DocumentService/IngestDocuments"
	watchMethod  = "/grpc.health.v1.Health/Watch"
)

// listen runs a server; config nil: without TLS.
func listen(t *testing.T, config *tls.Config) *heard {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	h := &heard{address: listener.Addr().String(), headers: map[string]metadata.MD{}}
	options := []grpc.ServerOption{
		grpc.UnaryInterceptor(func(ctx context.Context, req any, info *grpc.UnaryServerInfo, next grpc.UnaryHandler) (any, error) {
			h.note(ctx, info.FullMethod)
			return next(ctx, req)
		}),
		grpc.StreamInterceptor(func(srv any, s grpc.ServerStream, info *grpc.StreamServerInfo, next grpc.StreamHandler) error {
			h.note(s.Context(), info.FullMethod)
			return next(srv, s)
		}),
	}
	if config != nil {
		options = append(options, grpc.Creds(credentials.NewTLS(config)))
	}
	server, states := grpc.NewServer(options...), health.NewServer()
	states.SetServingStatus("dalil.v1.SearchService", ready)
	healthpb.RegisterHealthServer(server, states)
	dalilv1.RegisterSearchServiceServer(server, h)
	dalilv1.RegisterDocumentServiceServer(server, h)
	go server.Serve(listener)
	t.Cleanup(server.Stop)
	return h
}

// secure returns the settings of a server with a certificate.
func secure(t *testing.T, pair tlstest.Pair) *tls.Config {
	t.Helper()
	certificate, err := tls.LoadX509KeyPair(pair.Certificate, pair.Key)
	if err != nil {
		t.Fatal(err)
	}
	return &tls.Config{Certificates: []tls.Certificate{certificate}}
}

// search makes one call with the access.
func search(t *testing.T, a client.Access, address string, options ...grpc.DialOption) error {
	t.Helper()
	connection, err := a.Dial(address, options...)
	if err != nil {
		return err
	}
	defer connection.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	_, err = dalilv1.NewSearchServiceClient(connection).Search(ctx, &dalilv1.SearchRequest{})
	return err
}

func TestAKeyIsSentWithEveryCall(t *testing.T) {
	ca := tlstest.New(t)
	h := listen(t, secure(t, ca.Issue(t, tlstest.Leaf{})))
	connection, err := client.Access{CA: ca.File, KeyFile: file(t, "  the-key\n"), Tenant: "news"}.Dial("https://" + h.address)
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close()
	if _, err := dalilv1.NewSearchServiceClient(connection).Search(t.Context(), &dalilv1.SearchRequest{}, client.WaitForReady()); err != nil {
		t.Fatal(err)
	}
	stream, err := dalilv1.NewDocumentServiceClient(connection).IngestDocuments(t.Context())
	if err == nil {
		err = stream.Send(&dalilv1.IngestDocumentsRequest{})
	}
	if err == nil {
		_, err = stream.Recv()
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, method := range []string{searchMethod, ingestMethod, watchMethod} {
		if key, tenant := h.header(method, "authorization"), h.header(method, "dalil-tenant"); key != "Bearer the-key" || tenant != "news" {
			t.Errorf("%s got the key %q and the tenant %q", method, key, tenant)
		}
	}
}

func TestAKeyIsNotSentReadableToAnotherMachine(t *testing.T) {
	h := listen(t, nil)
	// The name is not one of this machine, the server behind it is.
	names := manual.NewBuilderWithScheme("elsewhere")
	names.InitialState(resolver.State{Endpoints: []resolver.Endpoint{{Addresses: []resolver.Address{{Addr: h.address}}}}})
	plain := grpc.WithResolvers(names)
	const elsewhere = "elsewhere:///dalil.example:7810"
	err := search(t, client.Access{Key: "the-key"}, elsewhere, plain)
	if err == nil || !strings.Contains(err.Error(), "--tls-ca") || strings.Contains(err.Error(), "the-key") {
		t.Errorf("Access: %v", err)
	}
	for _, options := range [][]grpc.DialOption{
		{plain, client.WithAPIKey("the-key"), client.Direct()},
		{plain, client.WithAPIKey("the-key")},
	} {
		connection, err := client.Dial(elsewhere, options...)
		if err != nil {
			t.Fatal(err)
		}
		defer connection.Close()
		_, err = dalilv1.NewSearchServiceClient(connection).Search(t.Context(), &dalilv1.SearchRequest{})
		if status.Code(err) != codes.Unauthenticated || !strings.Contains(err.Error(), "not encrypted") || strings.Contains(err.Error(), "the-key") {
			t.Errorf("Dial: %v", err)
		}
	}
	if got := h.header(searchMethod, "authorization") + h.header(watchMethod, "authorization"); got != "" {
		t.Fatalf("the server got %q", got)
	}
	if err := search(t, client.Access{Key: "the-key", Plaintext: true}, elsewhere, plain, client.Direct()); err != nil || h.header(searchMethod, "authorization") != "Bearer the-key" {
		t.Errorf("allowed: %v, the server got %q", err, h.header(searchMethod, "authorization"))
	}
	for _, address := range []string{h.address, "grpc://" + h.address, "dns:///localhost" + h.address[strings.LastIndex(h.address, ":"):]} {
		if err := search(t, client.Access{Key: "another"}, address, client.Direct()); err != nil || h.header(searchMethod, "authorization") != "Bearer another" {
			t.Errorf("%s: %v", address, err)
		}
	}
	for _, address := range []string{"127.0.0.1.example:1", "localhost.example:1", "10.0.0.1:1", "dns://127.0.0.1/dalil.example:1", "dns:///dalil.example:1", "[2001:db8::1]:1"} {
		if _, err := (client.Access{Key: "the-key"}).Dial(address); err == nil {
			t.Errorf("%s is taken for an address of this machine", address)
		}
	}
}

func TestFilesOfAccessThatCannotBeUsed(t *testing.T) {
	ca := tlstest.New(t)
	pair, other := ca.Issue(t, tlstest.Leaf{}), ca.Issue(t, tlstest.Leaf{})
	missing := filepath.Join(t.TempDir(), "missing")
	for name, test := range map[string]struct {
		access  client.Access
		address string
		want    string
	}{
		"no key file":         {client.Access{KeyFile: missing}, "h:1", "--api-key-file " + missing + ": there is no such file"},
		"a folder":            {client.Access{KeyFile: t.TempDir()}, "h:1", "is a folder"},
		"an empty file":       {client.Access{KeyFile: file(t, "\n")}, "h:1", "is empty; it must contain the key"},
		"two keys":            {client.Access{KeyFile: file(t, "secret-a\nsecret-b\n")}, "h:1", "one key and nothing else"},
		"a binary":            {client.Access{KeyFile: file(t, "secret\x00")}, "h:1", "one key and nothing else"},
		"a large file":        {client.Access{KeyFile: file(t, strings.Repeat("secret", 20000))}, "h:1", "has more than 65536 bytes"},
		"a key as the name":   {client.Access{KeyFile: "dalil_000000000000_" + strings.Repeat("0", 49)}, "h:1", "--api-key-file: is a key; name a file"},
		"a token as the name": {client.Access{KeyFile: "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJzZWNyZXQifQ.c2ln"}, "h:1", "--api-key-file: is a key; name a file"},
		"a bad variable":      {client.Access{Key: "secret secret"}, "h:1", "DALIL_API_KEY: must contain one key"},
		"no CA":               {client.Access{CA: missing}, "h:1", "--tls-ca " + missing + ": there is no such file"},
		"no PEM":              {client.Access{CA: file(t, "secret")}, "h:1", "contains no certificate in PEM"},
		"half a pair":         {client.Access{Certificate: pair.Certificate}, "h:1", "needs --tls-key"},
		"the other half":      {client.Access{PrivateKey: pair.Key}, "h:1", "needs --tls-cert"},
		"another's key":       {client.Access{Certificate: pair.Certificate, PrivateKey: other.Key}, "h:1", "private key does not match public key"},
		"no certificate":      {client.Access{Certificate: missing, PrivateKey: pair.Key}, "h:1", "--tls-cert " + missing + ": there is no such file"},
		"TLS over http":       {client.Access{TLS: true}, "http://h:1", "write https://h:1"},
		"no port":             {client.Access{}, "https://h", "must be https://HOST:PORT"},
		"a path":              {client.Access{}, "grpcs://h:1/x", "must be grpcs://HOST:PORT"},
		"a key in public":     {client.Access{Key: "secret"}, "dalil.example:7810", "the key is not sent to dalil.example:7810 without encryption: add --tls"},
	} {
		_, err := test.access.Dial(test.address)
		if err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v, want one that says %q", name, err, test.want)
		}
	}
	if os.Getuid() == 0 {
		return // root reads every file
	}
	closed := file(t, "secret")
	if err := os.Chmod(closed, 0); err != nil {
		t.Fatal(err)
	}
	if _, err := (client.Access{KeyFile: closed}).Dial("127.0.0.1:1"); err == nil || !strings.Contains(err.Error(), "may not read the file") {
		t.Errorf("a closed file: %v", err)
	}
}

// Each error of TLS says what to do.
func TestAdvice(t *testing.T) {
	ca, stranger := tlstest.New(t), tlstest.New(t)
	good := ca.Issue(t, tlstest.Leaf{})
	clients := x509.NewCertPool()
	data, err := os.ReadFile(ca.File)
	if err != nil || !clients.AppendCertsFromPEM(data) {
		t.Fatal(err)
	}
	mutual := secure(t, good)
	mutual.ClientCAs, mutual.ClientAuth = clients, tls.RequireAndVerifyClientCert
	servers := map[string]*heard{
		"good": listen(t, secure(t, good)), "plain": listen(t, nil), "mutual": listen(t, mutual),
		"named":   listen(t, secure(t, ca.Issue(t, tlstest.Leaf{Hosts: []string{"dalil.example"}}))),
		"expired": listen(t, secure(t, ca.Issue(t, tlstest.Leaf{From: time.Now().Add(-48 * time.Hour), Until: time.Now().Add(-24 * time.Hour)}))),
		"early":   listen(t, secure(t, ca.Issue(t, tlstest.Leaf{From: time.Now().Add(24 * time.Hour), Until: time.Now().Add(48 * time.Hour)}))),
	}
	mine, theirs := ca.Issue(t, tlstest.Leaf{}), stranger.Issue(t, tlstest.Leaf{})
	late := ca.Issue(t, tlstest.Leaf{From: time.Now().Add(-48 * time.Hour), Until: time.Now().Add(-24 * time.Hour)})
	for name, test := range map[string]struct {
		server string
		access client.Access
		want   string // "": the call succeeds
	}{
		"right":                 {"good", client.Access{CA: ca.File}, ""},
		"another CA":            {"good", client.Access{CA: stranger.File}, "unknown CA; name the file of its CA with --tls-ca"},
		"the system's CAs":      {"good", client.Access{TLS: true}, "unknown CA; name the file of its CA with --tls-ca"},
		"no TLS here":           {"good", client.Access{}, "if it uses TLS, add --tls"},
		"no TLS there":          {"plain", client.Access{CA: ca.File}, "does not use TLS"},
		"expired":               {"expired", client.Access{CA: ca.File}, "has expired"},
		"early":                 {"early", client.Access{CA: ca.File}, "is not valid yet"},
		"another name":          {"named", client.Access{CA: ca.File}, "--tls-server-name"},
		"its name":              {"named", client.Access{CA: ca.File, ServerName: "dalil.example"}, ""},
		"another server's name": {"named", client.Access{CA: ca.File, ServerName: "dalil.test"}, "--tls-server-name"},
		"without a certificate": {"mutual", client.Access{CA: ca.File}, "asks for a client certificate"},
		"with one":              {"mutual", client.Access{CA: ca.File, Certificate: mine.Certificate, PrivateKey: mine.Key}, ""},
		"a stranger's":          {"mutual", client.Access{CA: ca.File, Certificate: theirs.Certificate, PrivateKey: theirs.Key}, "client certificate"},
		"an old one":            {"mutual", client.Access{CA: ca.File, Certificate: late.Certificate, PrivateKey: late.Key}, "has expired; name a new one"},
	} {
		err := search(t, test.access, servers[test.server].address, client.Direct())
		if test.want == "" {
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		if got := client.Advice(err); !strings.Contains(got, test.want) {
			t.Errorf("%s: %q for %v, want %q", name, got, err, test.want)
		}
	}
	for _, err := range []error{nil, errors.New("x509: certificate has expired or is not yet valid"), status.Error(codes.Unavailable, "the store does not answer")} {
		if got := client.Advice(err); got != "" {
			t.Errorf("%v: %q", err, got)
		}
	}
}

func file(t *testing.T, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

package serving_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"
	"go.uber.org/goleak"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"

	"dalil/corpus"
	"dalil/internal/config"
	"dalil/internal/observe"
	"dalil/internal/serving"
	"dalil/internal/tlstest"
	dalilv1 "dalil/proto/dalil/v1"
	"dalil/server"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// parts are a service in memory.
type parts struct {
	server.Searcher
	server.Documents
}

func (parts) Search(_ context.Context, q corpus.Query) (corpus.Answer, error) {
	if q.Text == "pages" {
		return corpus.Answer{Passages: make([]corpus.Passage, 1), More: true}, nil
	}
	return corpus.Answer{}, nil
}

func (parts) Ingest(ctx context.Context, raws <-chan corpus.Raw, report func(int, corpus.Receipt)) error {
	for i := 0; ; i++ {
		select {
		case raw, more := <-raws:
			if !more {
				return nil
			}
			report(i, corpus.Receipt{DocumentID: raw.Document.ID, Outcome: corpus.Indexed})
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (parts) Mark() corpus.Mark                           { return corpus.Mark{} }
func (parts) Info() corpus.Info                           { return corpus.Info{} }
func (parts) Stats(context.Context) (corpus.Stats, error) { return corpus.Stats{}, nil }
func (parts) Ready(context.Context) error                 { return nil }

// reason is why the service is not ready; strangers must not see it.
const reason = "Qdrant at 10.0.0.7 does not answer"

type book struct {
	mu   sync.Mutex
	text strings.Builder
}

func (b *book) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *book) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

// elsewhere is a listener that other machines would reach.
type elsewhere struct{ net.Listener }

func (e elsewhere) Addr() net.Addr {
	at, ok := e.Listener.Addr().(*net.TCPAddr)
	if !ok {
		return nil
	}
	return &net.TCPAddr{IP: net.IPv4(192, 0, 2, 1), Port: at.Port}
}

// serve runs a front on free ports of loopback until the test ends. far makes the admin
// port look like one that other machines can reach.
func serve(t *testing.T, c config.Config, far bool) serving.Addresses {
	t.Helper()
	m := observe.New(observe.ReadBuild())
	front, err := serving.Open(c, slog.New(slog.NewTextHandler(&book{}, nil)), m, serving.NewUsage(c.Limits, m), false)
	if err != nil {
		t.Fatal(err)
	}
	on, err := front.Listen()
	if err != nil {
		t.Fatal(err)
	}
	if far {
		on.Admin = elsewhere{on.Admin}
	}
	s := front.Server(server.Deps{Searcher: parts{}, Ingester: parts{}, Documents: parts{}, Admin: parts{}})
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() {
		if err := front.Serve(ctx, s, on); err != nil {
			t.Error(err)
		}
	})
	running.Go(func() {
		notReady := func(context.Context) error { return corpus.Errorf(corpus.ErrUnavailable, reason) }
		if err := front.ServeAdmin(ctx, s, on, notReady); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(func() {
		cancel()
		running.Wait()
		front.Close()
	})
	return on.Addresses
}

func onLoopback() config.Config {
	c := config.Default()
	c.Listen, c.HTTP, c.Admin = "127.0.0.1:0", "127.0.0.1:0", "127.0.0.1:0"
	return c
}

// trusting returns the TLS of a client that trusts an authority, with its certificate.
func trusting(t *testing.T, ca *tlstest.CA, mine *tlstest.Pair) *tls.Config {
	t.Helper()
	data, err := os.ReadFile(ca.File)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(data)
	c := &tls.Config{RootCAs: roots}
	if mine != nil {
		pair, err := tls.LoadX509KeyPair(mine.Certificate, mine.Key)
		if err != nil {
			t.Fatal(err)
		}
		c.Certificates = []tls.Certificate{pair}
	}
	return c
}

// browser is a client of HTTP with one version of the protocol.
func browser(t *testing.T, c *tls.Config, h2 bool) *http.Client {
	t.Helper()
	protocols := &http.Protocols{}
	protocols.SetHTTP1(!h2)
	protocols.SetHTTP2(h2)
	transport := &http.Transport{TLSClientConfig: c.Clone(), Protocols: protocols}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport}
}

func fetch(client *http.Client, method, url, body string, header ...string) (int, http.Header, string, error) {
	r, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		return 0, nil, "", err
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	response, err := client.Do(r)
	if err != nil {
		return 0, nil, "", err
	}
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	return response.StatusCode, response.Header, fmt.Sprint(response.Proto, " ", string(data)), err
}

// With TLS, gRPC, JSON, MCP, a stream of documents and the admin port work, over HTTP/1.1
// and HTTP/2, and nothing answers in plaintext.
func TestTLSOnEveryListener(t *testing.T) {
	ca := tlstest.New(t)
	pair := ca.Issue(t, tlstest.Leaf{})
	c := onLoopback()
	c.TLS.Certificate, c.TLS.Key = pair.Certificate, pair.Key
	at := serve(t, c, false)

	connection, err := grpc.NewClient("passthrough:///"+at.GRPC, grpc.WithTransportCredentials(credentials.NewTLS(trusting(t, ca, nil))))
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close()
	if _, err := dalilv1.NewSearchServiceClient(connection).Search(t.Context(), &dalilv1.SearchRequest{Query: "q"}); err != nil {
		t.Errorf("gRPC: %v", err)
	}
	for _, h2 := range []bool{false, true} {
		client := browser(t, trusting(t, ca, nil), h2)
		version := map[bool]string{true: "HTTP/2.0", false: "HTTP/1.1"}[h2]
		for name, ask := range map[string]func() (int, http.Header, string, error){
			"a search": func() (int, http.Header, string, error) {
				return fetch(client, "GET", "https://"+at.HTTP+"/v1/search?q=a", "")
			},
			"documents": func() (int, http.Header, string, error) {
				return fetch(client, "POST", "https://"+at.HTTP+"/v1/documents:ingest", `{"id":"a","text":"b"}`+"\n"+`{"id":"c","text":"d"}`+"\n", "Content-Type", "application/x-ndjson")
			},
			"health": func() (int, http.Header, string, error) {
				return fetch(client, "GET", "https://"+at.Admin+"/healthz", "")
			},
		} {
			if status, _, body, err := ask(); err != nil || status != 200 || !strings.HasPrefix(body, version) {
				t.Errorf("%s over %s: %d %s %v", name, version, status, body, err)
			}
		}
		session, err := sdk.NewClient(&sdk.Implementation{Name: "t", Version: "1"}, nil).Connect(t.Context(), &sdk.StreamableClientTransport{Endpoint: "https://" + at.HTTP + "/mcp", HTTPClient: client}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if result, err := session.CallTool(t.Context(), &sdk.CallToolParams{Name: "search", Arguments: map[string]any{"query": "a"}}); err != nil || result.IsError {
			t.Errorf("MCP over %s: %v, %v", version, result, err)
		}
		session.Close()
	}
	for _, address := range []string{at.HTTP, at.Admin} {
		if status, _, _, err := fetch(http.DefaultClient, "GET", "http://"+address+"/healthz", ""); err == nil && status != 400 {
			t.Errorf("%s answers in plaintext: %d", address, status)
		}
	}
	http.DefaultClient.CloseIdleConnections()
	old := trusting(t, ca, nil)
	old.MaxVersion = tls.VersionTLS11
	for _, address := range []string{at.GRPC, at.HTTP, at.Admin} {
		if c, err := tls.Dial("tcp", address, old); err == nil {
			c.Close()
			t.Errorf("%s accepts TLS 1.1", address)
		}
	}
}

func TestCertificatesOfClientsOnEveryListener(t *testing.T) {
	ca, other := tlstest.New(t), tlstest.New(t)
	pair, mine, foreign := ca.Issue(t, tlstest.Leaf{}), ca.Issue(t, tlstest.Leaf{}), other.Issue(t, tlstest.Leaf{})
	c := onLoopback()
	c.TLS = config.TLS{Certificate: pair.Certificate, Key: pair.Key, ClientCA: ca.File, ClientAuth: "required"}
	at := serve(t, c, false)
	for name, test := range map[string]struct {
		client *tlstest.Pair
		fine   bool
	}{"none": {nil, false}, "a foreign one": {&foreign, false}, "one": {&mine, true}} {
		config := trusting(t, ca, test.client)
		connection, err := grpc.NewClient("passthrough:///"+at.GRPC, grpc.WithTransportCredentials(credentials.NewTLS(config)))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := dalilv1.NewSearchServiceClient(connection).Search(t.Context(), &dalilv1.SearchRequest{Query: "q"}); (err == nil) != test.fine {
			t.Errorf("gRPC with %s: %v", name, err)
		}
		connection.Close()
		for _, address := range []string{at.HTTP + "/v1/search?q=a", at.Admin + "/healthz"} {
			if status, _, body, err := fetch(browser(t, config, true), "GET", "https://"+address, ""); (err == nil && status == 200) != test.fine {
				t.Errorf("%s with %s: %d %s %v", address, name, status, body, err)
			}
		}
	}
}

// Beyond loopback, a listener needs protection; on loopback nothing is given up.
func TestListenersBeyondLoopbackNeedProtection(t *testing.T) {
	for name, change := range map[string]func(*config.Config){
		"plaintext": func(c *config.Config) { c.AllowPlaintext, c.Listen = true, "0.0.0.0:0" },
		"anonymous": func(c *config.Config) { c.AllowAnonymous, c.HTTP = true, "0.0.0.0:0" },
		"neither":   func(c *config.Config) { c.Admin = "0.0.0.0:0" },
	} {
		c := onLoopback()
		change(&c)
		front, err := serving.Open(c, slog.New(slog.DiscardHandler), observe.New(observe.ReadBuild()), nil, false)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := front.Listen(); err == nil || !strings.Contains(err.Error(), "0.0.0.0:0") {
			t.Errorf("%s: %v", name, err)
		}
		front.Close()
	}
	log := &book{}
	c := onLoopback()
	c.Insecure = true
	front, err := serving.Open(c, slog.New(slog.NewTextHandler(log, nil)), observe.New(observe.ReadBuild()), nil, false)
	if err != nil {
		t.Fatal(err)
	}
	on, err := front.Listen()
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range []net.Listener{on.GRPC, on.HTTP, on.Admin} {
		l.Close()
	}
	if log.String() != "" {
		t.Errorf("on loopback, the log says %s", log)
	}
}

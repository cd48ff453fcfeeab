package gateway_test

import (
	"bufio"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"dalil/corpus"
	"dalil/internal/app"
	"dalil/internal/config"
	"dalil/server"
	"dalil/server/gateway"
)

// listenError returns why an app does not serve.
func listenError(t *testing.T, c config.Config) error {
	t.Helper()
	a, err := app.Open(t.Context(), c, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	return a.Serve(t.Context(), func(app.Addresses) { t.Error("it serves") })
}

func TestBodiesAreBounded(t *testing.T) {
	s := serve(t, nil)
	for name, c := range map[string]struct {
		method, address, body string
		header                []string
		status                int
		reason                string
	}{
		"a large question":            {"POST", "/v1/search", `{"query":"` + strings.Repeat("a", 1<<20) + `"}`, nil, 413, "TOO_LARGE"},
		"a question over its limit":   {"POST", "/v1/search", `{"query":"` + strings.Repeat("a", 5000) + `"}`, nil, 400, "INVALID"},
		"a document over its limit":   {"PUT", "/v1/documents/a", `{"text":"` + strings.Repeat("a", 17<<20) + `"}`, nil, 400, "INVALID"},
		"a body beyond all documents": {"PUT", "/v1/documents/a", `{"text":"` + strings.Repeat("a", 101<<20) + `"}`, nil, 413, "TOO_LARGE"},
		"a bomb":                      {"POST", "/v1/search", gzipped(strings.Repeat(" ", 50<<20)), []string{"Content-Encoding", "gzip"}, 413, "TOO_LARGE"},
		"a bomb as a document":        {"PUT", "/v1/documents/a", gzipped(strings.Repeat(" ", 50<<20)), []string{"Content-Encoding", "gzip"}, 413, "TOO_LARGE"},
		"gzip that breaks off":        {"POST", "/v1/search", gzipped(`{"query":"poverty"}`)[:20], []string{"Content-Encoding", "gzip"}, 400, "INVALID"},
		"gzip that is none":           {"POST", "/v1/search", `{"query":"poverty"}`, []string{"Content-Encoding", "gzip"}, 400, "INVALID"},
		"another encoding":            {"POST", "/v1/search", `{"query":"poverty"}`, []string{"Content-Encoding", "zstd"}, 415, "INVALID"},
		"a deep request":              {"POST", "/v1/search", `{"query":"a","filter":` + strings.Repeat(`{"not":`, 3000) + `{}` + strings.Repeat(`}`, 3001), nil, 400, "INVALID"},
	} {
		got := s.do(t, c.method, c.address, c.body, c.header...)
		if got.status != c.status || got.failure(t).reason() != c.reason {
			t.Errorf("%s: %d %.300s, want %d %s", name, got.status, got.body, c.status, c.reason)
		}
	}
	if got := s.do(t, "POST", "/v1/search", gzipped(`{"query":"poverty"}`), "Content-Encoding", "gzip"); got.status != 200 {
		t.Errorf("a compressed question: %d %s", got.status, got.body)
	}
	text := strings.Repeat("Rivers cross the old city. ", 400_000)
	if got := s.do(t, "PUT", "/v1/documents/large", gzipped(`{"text":"`+text+`"}`), "Content-Encoding", "gzip"); got.status != 413 || got.failure(t).reason() != "TOO_LARGE" {
		t.Errorf("a text that inflates too much: %d %.300s", got.status, got.body)
	}
}

func TestAnswersAreCompressed(t *testing.T) {
	s := serve(t, nil)
	plain := s.do(t, "GET", "/v1/documents/"+poverty, "", "Accept-Encoding", "identity")
	packed := s.do(t, "GET", "/v1/documents/"+poverty, "", "Accept-Encoding", "br, gzip;q=0.5")
	if packed.header.Get("Content-Encoding") != "gzip" || packed.header.Get("Vary") != "Accept-Encoding" || plain.header.Get("Content-Encoding") != "" || plain.header.Get("Vary") != "Accept-Encoding" {
		t.Fatalf("%v\n%v", packed.header, plain.header)
	}
	z, err := gzip.NewReader(strings.NewReader(packed.body))
	if err != nil {
		t.Fatal(err)
	}
	if flat, err := io.ReadAll(z); err != nil || string(flat) != plain.body || len(packed.body) >= len(plain.body) {
		t.Errorf("%d bytes become %d, want %d; %v", len(packed.body), len(flat), len(plain.body), err)
	}
	if got := s.do(t, "GET", "/v1/documents/"+poverty, "", "Accept-Encoding", "gzip;q=0"); got.header.Get("Content-Encoding") != "" {
		t.Errorf("gzip although it is refused: %v", got.header)
	}
}

func TestDeadlines(t *testing.T) {
	h := &slow{}
	url := serveDeps(t, server.Deps{Searcher: h, Admin: h}, gateway.Options{})
	for _, c := range []struct {
		method, address, body, timeout string
		status                         int
		want                           string // a part of the answer
	}{
		{"GET", "/v1/search?q=a", "", "50m", 504, "DEADLINE"},
		{"GET", "/v1/search?q=a", "", "1n", 504, "DEADLINE"},
		{"GET", "/v1/search?q=a", "", "0m", 504, "DEADLINE"},
		{"GET", "/v1/info", "", "00000000S", 504, "DEADLINE"},
		{"GET", "/v1/search?q=a", "", "1x", 400, "header.grpc-timeout"},
		{"GET", "/v1/search?q=a", "", "m", 400, "header.grpc-timeout"},
		{"GET", "/v1/search?q=a", "", "-1m", 400, "header.grpc-timeout"},
		{"GET", "/v1/search?q=a", "", "1.5S", 400, "header.grpc-timeout"},
		{"GET", "/v1/info", "", "999999999S", 400, "header.grpc-timeout"},
		{"GET", "/v1/info", "", "99999999H", 200, "build"},
		{"GET", "/v1/info", "", "99999999n", 200, "build"},
		{"GET", "/v1/search", "", "", 400, "query"},
		{"POST", "/retrieval", `{"knowledge_id":"a","query":"a"}`, "50m", 504, "deadline"},
		{"POST", "/v1/vector_stores/a/search", `{"query":"a"}`, "50m", 504, "deadline"},
		{"POST", "/v1/vector_stores/a/search", `{"query":"a"}`, "0m", 504, "deadline"},
	} {
		got := (&service{url: url}).do(t, c.method, c.address, c.body, "Grpc-Timeout", c.timeout)
		if got.status != c.status || !strings.Contains(got.body, c.want) {
			t.Errorf("%s %s within %s: %d %s, want %d %s", c.method, c.address, c.timeout, got.status, got.body, c.status, c.want)
		}
	}
}

// A client that leaves ends its call.
func TestAClientThatLeaves(t *testing.T) {
	h := &slow{ended: make(chan error, 1)}
	url := serveDeps(t, server.Deps{Searcher: h, Admin: h}, gateway.Options{})
	ctx, cancel := context.WithCancel(t.Context())
	r, _ := http.NewRequestWithContext(ctx, "GET", url+"/v1/search?q=a", nil)
	h.began = cancel
	if response, err := http.DefaultClient.Do(r); err == nil {
		response.Body.Close()
		t.Errorf("status %d", response.StatusCode)
	}
	select {
	case err := <-h.ended:
		if !errors.Is(err, context.Canceled) {
			t.Errorf("the call ended with %v", err)
		}
	case <-time.After(10 * time.Second):
		t.Error("the call goes on")
	}
}

// A refusal that may be repeated says when.
func TestRetryAfter(t *testing.T) {
	h := &slow{fails: corpus.Errorf(corpus.ErrLocked, "locked")}
	url := serveDeps(t, server.Deps{Searcher: h, Admin: h}, gateway.Options{})
	response, err := http.Get(url + "/v1/search?q=a")
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != 503 || response.Header.Get("Retry-After") != "5" {
		t.Errorf("status %d, Retry-After %q", response.StatusCode, response.Header.Get("Retry-After"))
	}
}

// More requests than one connection in memory carries run at the same time.
func TestManyRequestsAtOnce(t *testing.T) {
	const most = 300
	h := &slow{waitFor: make(chan struct{}), many: make(chan struct{}, most)}
	url := serveDeps(t, server.Deps{Searcher: h, Admin: h}, gateway.Options{})
	done := make(chan int, most)
	for range most {
		go func() {
			response, err := http.Get(url + "/v1/search?q=a")
			if err != nil {
				done <- 0
				return
			}
			response.Body.Close()
			done <- response.StatusCode
		}()
	}
	for i := range most {
		select {
		case <-h.many:
		case <-time.After(15 * time.Second):
			t.Fatalf("only %d of %d requests run", i, most)
		}
	}
	close(h.waitFor)
	for range most {
		if code := <-done; code != 200 {
			t.Errorf("status %d", code)
		}
	}
	http.DefaultClient.CloseIdleConnections()
}

// A body that does not arrive is not waited for.
func TestABodyThatStopsArriving(t *testing.T) {
	h := &slow{}
	url := serveDeps(t, server.Deps{Searcher: h, Admin: h}, gateway.Options{})
	connection, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close()
	fmt.Fprint(connection, "POST /v1/search HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{")
	connection.SetReadDeadline(time.Now().Add(20 * time.Second))
	response, err := http.ReadResponse(bufio.NewReader(connection), nil)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != http.StatusRequestTimeout {
		t.Errorf("status %d", response.StatusCode)
	}
}

// slow is a search that waits.
type slow struct {
	server.Searcher // its other methods are not called
	began           func()
	ended           chan error
	fails           error
	waitFor         chan struct{}
	many            chan struct{}
}

func (h *slow) Search(ctx context.Context, _ corpus.Query) (corpus.Answer, error) {
	if h.fails != nil {
		return corpus.Answer{}, h.fails
	}
	if h.many != nil {
		h.many <- struct{}{}
	}
	if h.began != nil {
		h.began()
	}
	select {
	case <-h.waitFor:
		return corpus.Answer{}, nil
	case <-ctx.Done():
	}
	if h.ended != nil {
		h.ended <- ctx.Err()
	}
	return corpus.Answer{}, ctx.Err()
}

func (h *slow) Info() corpus.Info                           { return corpus.Info{} }
func (h *slow) Stats(context.Context) (corpus.Stats, error) { return corpus.Stats{}, nil }
func (h *slow) Ready(context.Context) error                 { return nil }

// serveDeps runs a gateway whose server has these parts.
func serveDeps(t testing.TB, deps server.Deps, o gateway.Options) (url string) {
	t.Helper()
	return serveWith(t, deps, server.Options{}, o)
}

func serveWith(t testing.TB, deps server.Deps, options server.Options, o gateway.Options) (url string) {
	t.Helper()
	open, err := server.Listen(server.Guard{}, server.At{Setting: "listen", Address: "127.0.0.1:0"}, server.At{Setting: "http", Address: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- gateway.Serve(ctx, server.New(deps, options), open[0], open[1], o) }()
	t.Cleanup(func() {
		http.DefaultClient.CloseIdleConnections()
		cancel()
		if err := <-done; err != nil {
			t.Errorf("serve: %v", err)
		}
	})
	return "http://" + server.Address(open[1])
}

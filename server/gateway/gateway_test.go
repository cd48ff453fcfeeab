package gateway_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
	"google.golang.org/grpc"

	"dalil/client"
	"dalil/corpus"
	"dalil/indexer"
	"dalil/internal/app"
	"dalil/internal/config"
	"dalil/store/qdrant/standin"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// stores are the stores on which tests of the whole service run.
var stores = []string{"local", "qdrant"}

// service is a server on free ports, with the seeds in its index.
type service struct {
	*grpc.ClientConn
	url  string
	log  *book
	stop func() error // begins the drain and waits for its end; can be called again
}

// serve runs a service until the test ends.
func serve(t testing.TB, change func(*config.Config)) *service {
	t.Helper()
	return serveOn(t, "local", change)
}

func serveOn(t testing.TB, store string, change func(*config.Config)) *service {
	t.Helper()
	c := config.Default()
	c.Data, c.Listen, c.HTTP, c.Admin = t.TempDir(), "127.0.0.1:0", "127.0.0.1:0", ""
	if store == "qdrant" {
		c.Store.Name, c.Store.Address, c.Store.Poll = store, standin.Start(t, standin.Options{}).Address(), 10*time.Millisecond
		c.Store.Collection = fmt.Sprintf("gateway-%d", time.Now().UnixNano())
	}
	if change != nil {
		change(&c)
	}
	log := &book{}
	a, err := app.OpenServed(t.Context(), c, slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug})), nil)
	if err != nil {
		t.Fatal(err)
	}
	if s, err := a.Index(corpus.WithPrincipal(t.Context(), corpus.Operator("")), indexer.Request{Paths: []string{"../../seeds"}}, func(corpus.Receipt) {}); err != nil || s.Failed > 0 {
		t.Fatalf("index the seeds: %+v, %v", s, err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ready, done := make(chan app.Addresses, 1), make(chan error, 1)
	go func() { done <- a.Serve(ctx, func(at app.Addresses) { ready <- at }) }()
	var at app.Addresses
	select {
	case at = <-ready:
	case err := <-done:
		t.Fatal(err)
	}
	connection, err := client.Dial(at.GRPC, client.Direct())
	if err != nil {
		t.Fatal(err)
	}
	s := &service{ClientConn: connection, url: "http://" + at.HTTP, log: log}
	s.stop = sync.OnceValue(func() error { cancel(); return <-done })
	t.Cleanup(func() {
		connection.Close()
		http.DefaultClient.CloseIdleConnections()
		if err := s.stop(); err != nil {
			t.Errorf("serve: %v", err)
		}
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// book is a log.
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

// reply is what a request got.
type reply struct {
	status int
	header http.Header
	body   string
}

// do sends a request. The header has names and values in turn. A body that is not "" is JSON unless the header says
// something else.
func (s *service) do(t testing.TB, method, address, body string, header ...string) reply {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, s.url+address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
		if header[i] == "Host" {
			r.Host = header[i+1]
		}
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return reply{response.StatusCode, response.Header, string(data)}
}

// failure is an error in the body of a reply.
type failure struct {
	Code    int
	Message string
	Details []struct {
		Type            string `json:"@type"`
		Reason          string
		Metadata        map[string]string
		FieldViolations []struct{ Field, Description string } `json:"field_violations"`
	}
}

func (r reply) failure(t testing.TB) failure {
	t.Helper()
	var f failure
	if err := json.Unmarshal([]byte(r.body), &f); err != nil || f.Code == 0 {
		t.Fatalf("status %d: the body is no error: %v\n%.500s", r.status, err, r.body)
	}
	return f
}

func (f failure) reason() string {
	for _, d := range f.Details {
		if strings.HasSuffix(d.Type, ".ErrorInfo") {
			return d.Reason
		}
	}
	return ""
}

func (f failure) field() string {
	for _, d := range f.Details {
		if len(d.FieldViolations) > 0 {
			return d.FieldViolations[0].Field
		}
	}
	return ""
}

func (r reply) decode(t testing.TB, into any) {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader([]byte(r.body)))
	if err := d.Decode(into); err != nil {
		t.Fatalf("status %d: %v\n%.500s", r.status, err, r.body)
	}
}

const poverty = "001_9b34745794db2986"

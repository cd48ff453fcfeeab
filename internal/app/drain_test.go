package app_test

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"dalil/client"
	"dalil/internal/app"
	"dalil/internal/config"
	dalilv1 "dalil/proto/dalil/v1"
)

// A stop says how many calls it waits for, and how many it had to interrupt.
func TestAStopIsLoggedWithCounts(t *testing.T) {
	var log bytes.Buffer
	a, err := app.Open(t.Context(), settings(t, func(c *config.Config) { c.Server.Drain = time.Nanosecond }), slog.New(slog.NewTextHandler(&log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	address, done := make(chan string, 1), make(chan error, 1)
	go func() { done <- a.Serve(ctx, func(at app.Addresses) { address <- at.GRPC }) }()
	connection, err := client.Dial(<-address, client.Direct())
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close()
	stream, err := dalilv1.NewDocumentServiceClient(connection).IngestDocuments(t.Context(), client.WaitForReady())
	if err != nil {
		t.Fatal(err)
	}
	request := &dalilv1.IngestDocumentsRequest{Document: &dalilv1.DocumentInput{DocumentId: "a", Content: &dalilv1.DocumentInput_Text{Text: "Rivers."}}}
	if err := stream.Send(request); err != nil {
		t.Fatal(err)
	}
	if _, err := stream.Recv(); err != nil { // so that the call is under way
		t.Fatal(err)
	}
	stop()
	<-done
	if err := a.Close(); err != nil {
		t.Error(err)
	}
	for _, want := range []string{`msg=draining calls=1 limit=1ns`, `msg=stopped interrupted=\d+ after=`} {
		if !regexp.MustCompile(want).MatchString(log.String()) {
			t.Errorf("%q is not logged:\n%s", want, log.String())
		}
	}
}

// While a call keeps the server from stopping, its metrics can be read, and it says
// that it is not ready.
func TestAdminAnswersWhileTheServerDrains(t *testing.T) {
	asked, release := make(chan struct{}, 1), make(chan struct{})
	var slow, down atomic.Bool
	model := httputil.NewSingleHostReverseProxy(urlOf(t, startTEI(t, &down)))
	provider := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if slow.Load() {
			asked <- struct{}{}
			<-release
		}
		model.ServeHTTP(w, r)
	}))
	t.Cleanup(provider.Close)
	a := open(t, settings(t, func(c *config.Config) {
		c.Embedder = config.Embedder{Name: "tei", URL: provider.URL, Dimensions: 32}
	}))
	indexSeeds(t, a)
	ctx, stop := context.WithCancel(t.Context())
	addresses, done := make(chan [2]string, 1), make(chan error, 1)
	go func() { done <- a.Serve(ctx, func(at app.Addresses) { addresses <- [2]string{at.GRPC, at.Admin} }) }()
	at := <-addresses
	connection, err := client.Dial(at[0], client.Direct())
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close()
	slow.Store(true)
	answered := make(chan error, 1)
	go func() {
		_, err := dalilv1.NewSearchServiceClient(connection).Search(t.Context(), &dalilv1.SearchRequest{Query: "bees and honey"}, client.WaitForReady())
		answered <- err
	}()
	<-asked
	stop()
	eventually(t, "it is not ready", func() bool {
		code, body := get(t, "http://"+at[1]+"/readyz")
		return code == http.StatusServiceUnavailable && strings.Contains(body, "shutting down")
	})
	if code, _ := get(t, "http://"+at[1]+"/metrics"); code != http.StatusOK {
		t.Errorf("metrics: %d", code)
	}
	slow.Store(false)
	close(release)
	if err := <-answered; err != nil {
		t.Errorf("the call that was under way: %v", err)
	}
	http.DefaultClient.CloseIdleConnections()
	if err := <-done; err != nil {
		t.Errorf("serve: %v", err)
	}
}

func urlOf(t *testing.T, address string) *url.URL {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

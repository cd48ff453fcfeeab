package app_test

import (
	"bytes"
	"context"
	"log/slog"
	"regexp"
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
	go func() { done <- a.Serve(ctx, func(grpc, _ string) { address <- grpc }) }()
	connection, err := client.Dial(<-address)
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

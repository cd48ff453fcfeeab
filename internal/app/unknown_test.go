package app_test

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"

	sdk "github.com/qdrant/go-client/qdrant"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"dalil/corpus"
	"dalil/indexer"
	"dalil/internal/config"
	"dalil/store/qdrant/standin"
)

// A try whose commit had no answer makes the outcome unknown, though a later try
// fails before its commit.
func TestALaterTryDoesNotMakeAnUnknownOutcomeKnown(t *testing.T) {
	var begun, committed atomic.Bool
	server := standin.Start(t, standin.Options{Before: func(_ context.Context, _ string, request any) error {
		r, is := request.(*sdk.UpsertPoints)
		switch {
		case !begun.Load():
		case committed.Load() && !is: // the look at what became of it
			return status.Error(codes.ResourceExhausted, "no room")
		case is && committed.Load():
			return status.Error(codes.InvalidArgument, "no more")
		case is && r.GetPoints()[0].GetPayload()["kind"].GetStringValue() == "document":
			committed.Store(true)
			return status.Error(codes.ResourceExhausted, "no room")
		}
		return nil
	}})
	a := open(t, settings(t, func(c *config.Config) {
		c.Embedder.Name, c.Store.Name, c.Store.Address, c.Store.Collection = "hash", "qdrant", server.Address(), "unknown"
	}))
	ingest(t, a, corpus.Document{ID: "first", Text: "The first."})
	begun.Store(true)
	var got error
	summary, err := a.Index(operator(t), indexer.Request{Paths: []string{"-"}, Stdin: strings.NewReader(`{"id":"d","text":"The second."}`), RetryFor: 1}, func(r corpus.Receipt) { got = r.Err })
	var unknown *corpus.UnknownError
	if !errors.As(got, &unknown) {
		t.Errorf("%+v, %v, the receipt says %v, want that it is not known", summary, err, got)
	}
}

package qdrant_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	"dalil/corpus"
	"dalil/store"
	"dalil/store/qdrant"
	"dalil/store/storetest"
)

// liveServer is the address of a real server, "" when none was named.
func liveServer() string { return os.Getenv("DALIL_TEST_QDRANT") }

var run = time.Now().UnixNano()

func TestLawsLive(t *testing.T) {
	address := liveServer()
	if address == "" {
		t.Skip("DALIL_TEST_QDRANT names no server")
	}
	laws(t, address)
}

func laws(t *testing.T, address string) {
	n := 0
	storetest.Run(t, func(t *testing.T) storetest.Harness {
		n++
		alias := fmt.Sprintf("test-%d-%d", run, n)
		options := qdrant.Options{
			Server: qdrant.Server{Address: address}, Alias: alias, Numbers: []string{"price", "score"},
			RefreshVocabulary: time.Hour, Log: slog.New(slog.DiscardHandler),
		}
		t.Cleanup(func() {
			if err := qdrant.DropAll(context.Background(), options); err != nil {
				t.Errorf("drop: %v", err)
			}
		})
		return storetest.Harness{
			Steps: 600, CountsGone: true,
			Order: func(a, b string) int { return corpus.DocumentKey(a).Compare(corpus.DocumentKey(b)) },
			Open: func(ctx context.Context, p corpus.Pipeline) (store.Store, error) {
				o := options
				o.Pipeline = p
				return qdrant.Open(ctx, o)
			},
		}
	})
}

var _ = strings.Contains

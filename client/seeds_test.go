package client_test

import (
	"context"
	"log"
	"log/slog"
	"os"

	"dalil/corpus"
	"dalil/indexer"
	"dalil/internal/app"
	"dalil/internal/config"
)

// seeds runs a server with the articles of seeds/ for the examples.
func seeds() (address string, stop func()) {
	data, err := os.MkdirTemp("", "dalil-example")
	if err != nil {
		log.Fatal(err)
	}
	c := config.Default()
	c.Data, c.Listen, c.Admin = data, "127.0.0.1:0", ""
	a, err := app.OpenServed(context.Background(), c, slog.New(slog.DiscardHandler), nil)
	if err != nil {
		log.Fatal(err)
	}
	if _, err := a.Index(corpus.WithPrincipal(context.Background(), corpus.Operator("")), indexer.Request{Paths: []string{"../seeds"}}, func(corpus.Receipt) {}); err != nil {
		log.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ready, done := make(chan string, 1), make(chan error, 1)
	go func() { done <- a.Serve(ctx, func(at app.Addresses) { ready <- at.GRPC }) }()
	select {
	case address = <-ready:
	case err := <-done:
		log.Fatal(err)
	}
	return address, func() {
		cancel()
		if err := <-done; err != nil {
			log.Print(err)
		}
		a.Close()
		os.RemoveAll(data)
	}
}

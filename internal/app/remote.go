package app

import (
	"context"
	"errors"

	"google.golang.org/grpc"

	"dalil/client"
	"dalil/corpus"
	"dalil/indexer"
)

// IndexRemote walks the paths here and writes what it finds into a server.
func IndexRemote(ctx context.Context, connection grpc.ClientConnInterface, request IndexRequest, progress func(corpus.Receipt)) (Summary, error) {
	if request.DryRun {
		return Summary{}, errors.New("--dry-run needs the local store: a server writes what it is given")
	}
	return run(ctx, request, &patience{limit: request.Patience}, progress,
		func(ctx context.Context, raws <-chan corpus.Raw, report func(corpus.Receipt)) error {
			return client.Ingest(ctx, connection, raws, report)
		},
		func(ctx context.Context, paths []string, prefix string, seen map[string]bool) ([]string, error) {
			below, err := indexer.Below(paths, prefix)
			if err != nil {
				return nil, err
			}
			return client.Prune(ctx, connection, below, seen)
		})
}

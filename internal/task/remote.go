package task

import (
	"context"
	"errors"

	"google.golang.org/grpc"

	"dalil/client"
	"dalil/corpus"
	"dalil/indexer"
)

// IndexRemote reads the paths on this machine and writes their documents to a server.
func IndexRemote(ctx context.Context, connection grpc.ClientConnInterface, request indexer.Request, progress func(corpus.Receipt)) (indexer.Summary, error) {
	if request.DryRun {
		return indexer.Summary{}, errors.New("--dry-run cannot be combined with --server: a server has no dry run")
	}
	return indexer.IndexInto(ctx, remoteWriter{connection}, request, progress)
}

// remoteWriter writes documents to a server.
type remoteWriter struct{ connection grpc.ClientConnInterface }

func (w remoteWriter) Write(ctx context.Context, raws <-chan corpus.Raw, report func(corpus.Receipt)) error {
	return client.Ingest(ctx, w.connection, raws, report)
}

func (w remoteWriter) Prune(ctx context.Context, paths []string, prefix string, seen map[string]bool) ([]string, error) {
	below, err := indexer.Below(paths, prefix)
	if err != nil {
		return nil, err
	}
	return client.Prune(ctx, w.connection, below, seen)
}

package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"

	"dalil/corpus"
	"dalil/internal/config"
	"dalil/store"
	"dalil/store/local"
	"dalil/store/qdrant"
)

// Register registers what gRPC allows to be registered only before the first
// connection. main calls it once.
func Register() { qdrant.RegisterEncoding() }

type storeOpener func(context.Context, config.Config, corpus.Pipeline, *slog.Logger) (store.Store, error)

// stores are all stores there are.
var stores = map[string]storeOpener{
	"local": func(ctx context.Context, c config.Config, p corpus.Pipeline, _ *slog.Logger) (store.Store, error) {
		return local.Open(ctx, local.Options{Dir: c.Data, Pipeline: p})
	},
	"qdrant": func(ctx context.Context, c config.Config, p corpus.Pipeline, log *slog.Logger) (store.Store, error) {
		return qdrant.Open(ctx, qdrantOptions(c, p, log))
	},
}

// readers are the stores as commands open them that only read. They change
// nothing and make no folder.
var readers = map[string]storeOpener{
	"local": func(ctx context.Context, c config.Config, p corpus.Pipeline, _ *slog.Logger) (store.Store, error) {
		return local.Open(ctx, local.Options{Dir: c.Data, Pipeline: p, ReadOnly: true})
	},
	"qdrant": func(ctx context.Context, c config.Config, p corpus.Pipeline, log *slog.Logger) (store.Store, error) {
		return qdrant.OpenReading(ctx, qdrantOptions(c, p, log))
	},
}

// dryReaders are readers that open an empty store in a temporary folder where
// nothing is held yet.
var dryReaders = map[string]storeOpener{
	"local": func(ctx context.Context, c config.Config, p corpus.Pipeline, log *slog.Logger) (store.Store, error) {
		s, err := readers["local"](ctx, c, p, log)
		if !errors.Is(err, corpus.ErrNotReady) {
			return s, err
		}
		return openScratch(ctx, p)
	},
	"qdrant": stores["qdrant"],
}

// scratchStore is an empty store whose folder is removed when it is closed.
type scratchStore struct {
	*local.Store
	dir string
}

func openScratch(ctx context.Context, p corpus.Pipeline) (store.Store, error) {
	dir, err := os.MkdirTemp("", "dalil-dry-run-*")
	if err != nil {
		return nil, fmt.Errorf("create a temporary folder: %w", err)
	}
	s, err := local.Open(ctx, local.Options{Dir: dir, Pipeline: p})
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	return &scratchStore{s, dir}, nil
}

func (s *scratchStore) Close() error { return errors.Join(s.Store.Close(), os.RemoveAll(s.dir)) }

// rebuilders are the stores that can be built anew beside the old collection.
var rebuilders = map[string]storeOpener{
	"local": func(ctx context.Context, c config.Config, p corpus.Pipeline, _ *slog.Logger) (store.Store, error) {
		return local.Rebuild(ctx, local.Options{Dir: c.Data, Pipeline: p})
	},
	"qdrant": func(ctx context.Context, c config.Config, p corpus.Pipeline, log *slog.Logger) (store.Store, error) {
		return qdrant.Build(ctx, qdrantOptions(c, p, log))
	},
}

// newRebuilders are rebuilders that never go on with what a rebuild before them
// left.
var newRebuilders = map[string]storeOpener{
	"local": rebuilders["local"],
	"qdrant": func(ctx context.Context, c config.Config, p corpus.Pipeline, log *slog.Logger) (store.Store, error) {
		return qdrant.BuildNew(ctx, qdrantOptions(c, p, log))
	},
}

func qdrantOptions(c config.Config, p corpus.Pipeline, log *slog.Logger) qdrant.Options {
	s := c.Store
	return qdrant.Options{
		Server: qdrant.Server{
			Address: s.Address, Key: string(s.Key), TLS: s.TLS, CA: s.CA, Certificate: s.Certificate, PrivateKey: s.PrivateKey,
			Timeout: s.Timeout, Connections: s.Connections, Parallel: s.Parallel,
		},
		Alias: s.Collection, Pipeline: p, Numbers: s.Numbers, Effort: s.Effort, Oversampling: s.Oversampling, Log: log,
		Layout: qdrant.Layout{
			Shards: s.Shards, Replicas: s.Replicas, WriteConsistency: s.WriteConsistency, OnDisk: s.OnDisk,
			NoQuantisation: !s.Quantise, M: s.M, EfConstruct: s.EfConstruct,
		},
	}
}

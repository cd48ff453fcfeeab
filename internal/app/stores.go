package app

import (
	"context"
	"log/slog"

	"dalil/corpus"
	"dalil/internal/config"
	"dalil/store"
	"dalil/store/local"
	"dalil/store/qdrant"
)

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

// rebuilders are the stores that can be built anew beside the old collection.
var rebuilders = map[string]storeOpener{
	"local": func(ctx context.Context, c config.Config, p corpus.Pipeline, _ *slog.Logger) (store.Store, error) {
		return local.Rebuild(ctx, local.Options{Dir: c.Data, Pipeline: p})
	},
	"qdrant": func(ctx context.Context, c config.Config, p corpus.Pipeline, log *slog.Logger) (store.Store, error) {
		return qdrant.Build(ctx, qdrantOptions(c, p, log))
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

// Package stores makes the driver of the configured store. A new store is one row
// of [Rows] beside its package. Start with [Rows].
package stores

import (
	"log/slog"

	"dalil/internal/config"
	"dalil/store"
	"dalil/store/local"
	"dalil/store/qdrant"
)

// Register registers what gRPC allows to be registered only before the first
// connection. main calls it once.
func Register() { qdrant.RegisterEncoding() }

// Row makes the driver of one kind of store from the configuration. It opens nothing.
type Row func(config.Config, *slog.Logger) store.Driver

// Rows returns all stores there are, by the name that store.name gives. Nothing else
// compares the name.
func Rows() map[string]Row {
	return map[string]Row{
		"local":  func(c config.Config, log *slog.Logger) store.Driver { return local.NewDriver(c.Data, log) },
		"qdrant": func(c config.Config, log *slog.Logger) store.Driver { return qdrant.NewDriver(qdrantOptions(c, log)) },
	}
}

// Folder is the driver of an embedded store that a command names by its folder.
func Folder(dir string) store.Driver { return local.NewDriver(dir, nil) }

func qdrantOptions(c config.Config, log *slog.Logger) qdrant.Options {
	s := c.Store
	return qdrant.Options{
		Server: qdrant.Server{
			Address: s.Address, Key: string(s.Key), TLS: s.TLS, CA: s.CA, Certificate: s.Certificate, PrivateKey: s.PrivateKey,
			Timeout: s.Timeout, Connections: s.Connections, Parallel: s.Parallel,
		},
		Alias: s.Collection, Numbers: s.Numbers, Effort: s.Effort, Oversampling: s.Oversampling, Log: log,
		Lease: store.Lease(s.Poll),
		Layout: qdrant.Layout{
			Shards: s.Shards, Replicas: s.Replicas, WriteConsistency: s.WriteConsistency, OnDisk: s.OnDisk,
			NoQuantisation: !s.Quantise, M: s.M, EfConstruct: s.EfConstruct,
		},
	}
}

package app

import (
	"log/slog"

	"dalil/internal/config"
	"dalil/internal/model"
	"dalil/store"
	"dalil/store/local"
	"dalil/store/qdrant"
)

// Register registers what the gRPC library accepts only before the first
// connection. main calls it once.
func Register() { qdrant.RegisterEncoding() }

// stores is the table of all stores. Each row makes the driver from the
// configuration. No other code compares the name of a store.
var stores = map[string]func(config.Config, *slog.Logger) store.Driver{
	"local":  func(c config.Config, log *slog.Logger) store.Driver { return local.NewDriver(c.Data, log) },
	"qdrant": func(c config.Config, log *slog.Logger) store.Driver { return qdrant.NewDriver(qdrantOptions(c, log)) },
}

// folder returns the driver of the embedded store in a folder that a command names.
func folder(dir string) store.Driver { return local.NewDriver(dir, nil) }

// Driver returns the driver of the configured store. It opens nothing.
func Driver(c config.Config, log *slog.Logger) (store.Driver, error) {
	row, err := model.Pick("store.name", c.Store.Name, stores)
	if err != nil {
		return nil, err
	}
	return row(c, log), nil
}

func qdrantOptions(c config.Config, log *slog.Logger) qdrant.Options {
	s := c.Store
	return qdrant.Options{
		Server: qdrant.Server{
			Address: s.Address, Key: string(s.Key), TLS: s.TLS, CA: s.CA, Certificate: s.Certificate, PrivateKey: s.PrivateKey,
			Timeout: s.Timeout, Connections: s.Connections, Parallel: s.Parallel,
		},
		Alias: s.Collection, Numbers: s.Numbers, Effort: s.Effort, Oversampling: s.Oversampling, Log: log,
		Layout: qdrant.Layout{
			Shards: s.Shards, Replicas: s.Replicas, WriteConsistency: s.WriteConsistency, OnDisk: s.OnDisk,
			NoQuantisation: !s.Quantise, M: s.M, EfConstruct: s.EfConstruct,
		},
	}
}

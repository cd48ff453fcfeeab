package app

import (
	"context"
	"log/slog"

	"dalil/internal/config"
	"dalil/store"
)

// openSalvage opens what can be read of the configured store, whatever pipeline
// built it.
func openSalvage(ctx context.Context, c config.Config, log *slog.Logger) (store.Store, error) {
	d, err := Driver(c, log)
	if err != nil {
		return nil, err
	}
	return store.OpenDamaged(ctx, d)
}

// damageOf returns the damaged documents whose text cannot be read.
func damageOf(s store.Reader) []store.Damage {
	salvager, ok := s.(store.Salvager)
	if !ok {
		return nil
	}
	var damaged []store.Damage
	for _, d := range salvager.Damaged() {
		if !d.Readable {
			damaged = append(damaged, d)
		}
	}
	return damaged
}

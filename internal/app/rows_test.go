package app

import (
	"log/slog"
	"testing"

	"dalil/internal/config"
	"dalil/store"
)

// AddStore adds a row to the table of stores until the test ends.
func AddStore(t *testing.T, name string, row func(config.Config, *slog.Logger) store.Driver) {
	rows[name] = row
	t.Cleanup(func() { delete(rows, name) })
}

package app

import (
	"log/slog"

	"dalil/internal/config"
	"dalil/internal/model"
	"dalil/internal/stores"
	"dalil/store"
)

// rows are the stores that can be configured.
var rows = stores.Rows()

// Driver returns the driver of the configured store. It opens nothing.
func Driver(c config.Config, log *slog.Logger) (store.Driver, error) {
	row, err := model.Pick("store.name", c.Store.Name, rows)
	if err != nil {
		return nil, err
	}
	return row(c, log), nil
}

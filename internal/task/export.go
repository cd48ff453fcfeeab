package task

import (
	"context"
	"errors"
	"io"
	"log/slog"

	"dalil/backup"
	"dalil/internal/app"
	"dalil/internal/config"
	"dalil/store"
)

// SalvageExport writes every document of the configured store that can be read and that
// the principal of ctx sees, as one line of JSON each. It returns the documents that cannot be read. It needs no
// model.
func SalvageExport(ctx context.Context, c config.Config, log *slog.Logger, w io.Writer) (n int, damaged []store.Damage, err error) {
	d, err := app.Driver(c, log)
	if err != nil {
		return 0, nil, err
	}
	from, err := store.OpenDamaged(ctx, d)
	if err != nil {
		return 0, nil, err
	}
	defer func() { err = errors.Join(err, from.Close()) }()
	damaged = store.Unreadable(from)
	n, err = backup.Export(ctx, store.Bound(from), w, func(d store.Damage) { damaged = append(damaged, d) })
	return n, damaged, err
}

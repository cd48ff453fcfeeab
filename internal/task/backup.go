package task

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"

	"dalil/backup"
	"dalil/internal/app"
	"dalil/internal/config"
	"dalil/internal/observe"
	"dalil/internal/stores"
	"dalil/store"
)

// Backup writes an archive of the configured store: of the whole index, or of the tenant
// of the caller. The pipeline that
// built the index does not matter, and no model is needed.
func Backup(ctx context.Context, c config.Config, log *slog.Logger, w io.Writer) (summary backup.Summary, err error) {
	d, err := app.Driver(c, log)
	if err != nil {
		return summary, err
	}
	from, err := d.OpenHeld(ctx)
	if err != nil {
		return summary, err
	}
	defer func() { err = errors.Join(err, from.Close()) }()
	return backup.Write(ctx, w, store.OfCaller(ctx, from), observe.MadeBy())
}

// Restore writes an archive into the configured store, which must be empty. Nothing
// is embedded again.
func Restore(ctx context.Context, c config.Config, log *slog.Logger, r io.ReadSeeker) (summary backup.Summary, err error) {
	d, err := app.Driver(c, log)
	if err != nil {
		return summary, err
	}
	var target store.Store
	defer func() {
		if target != nil {
			err = errors.Join(err, target.Close())
		}
	}()
	summary, err = backup.Restore(ctx, r, func(ctx context.Context, h backup.Header) (backup.Target, error) {
		target, err = store.OpenEmpty(ctx, d, h.Settings.Pipeline)
		return target, err
	})
	if err != nil {
		return summary, fmt.Errorf("restore: %w", err)
	}
	// An interrupted restore must leave nothing that could be opened as a collection.
	if s, ok := target.(store.Swapper); ok {
		_, err = s.Swap(ctx, false)
	}
	return summary, err
}

// RestoreTenant writes the documents of one tenant in an archive into the configured
// store, which may have documents of other tenants. The pipeline of both must be the same.
func RestoreTenant(ctx context.Context, c config.Config, log *slog.Logger, r io.ReadSeeker, tenant string) (summary backup.Summary, err error) {
	d, err := app.Driver(c, log)
	if err != nil {
		return summary, err
	}
	var target store.Store
	defer func() {
		if target != nil {
			err = errors.Join(err, target.Close())
		}
	}()
	summary, err = backup.RestoreTenant(ctx, r, tenant, func(ctx context.Context, h backup.Header) (store.Store, error) {
		opened, err := d.Open(ctx, h.Settings.Pipeline)
		if err != nil {
			return nil, err
		}
		target = stores.WithQuotas(opened, d, c.Quota)
		return target, nil
	})
	if err != nil {
		return summary, fmt.Errorf("restore tenant %s: %w", tenant, err)
	}
	return summary, nil
}

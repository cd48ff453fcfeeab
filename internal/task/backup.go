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
	"dalil/store"
)

// Backup writes an archive of everything that the configured store holds,
// whatever pipeline built it. It needs no model.
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
	return backup.Write(ctx, w, from, observe.MadeBy())
}

// Restore writes an archive into the configured store, which must hold nothing.
// Nothing is embedded again.
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
	// A restore that was interrupted leaves nothing that looks like a collection.
	if s, ok := target.(store.Swapper); ok {
		_, err = s.Swap(ctx, false)
	}
	return summary, err
}

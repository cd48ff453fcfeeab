package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"

	"dalil/backup"
	"dalil/corpus"
	"dalil/internal/config"
	"dalil/store"
	"dalil/store/local"
)

// BackupSummary counts what an archive holds.
type BackupSummary = backup.Summary

// Backup writes an archive of everything that the app's store holds.
func (a *App) Backup(ctx context.Context, w io.Writer) error {
	g, err := a.generation.pin()
	if err != nil {
		return err
	}
	defer g.release()
	_, err = backup.Write(ctx, w, g.opened, madeBy())
	return err
}

// Backup writes an archive of everything that the configured store holds,
// whatever pipeline built it. It needs no model.
func Backup(ctx context.Context, c config.Config, log *slog.Logger, w io.Writer) (summary backup.Summary, err error) {
	var from store.Store
	if c.Store.Name == "local" {
		from, err = openHeld(ctx, c.Data)
	} else {
		from, err = openActive(ctx, c, log)
	}
	if err != nil {
		return summary, err
	}
	defer func() { err = errors.Join(err, from.Close()) }()
	return backup.Write(ctx, w, from, madeBy())
}

// openHeld opens the collection of a data folder for reading, whatever pipeline
// built it.
func openHeld(ctx context.Context, dir string) (*local.Store, error) {
	settings, err := local.Peek(ctx, dir)
	if err != nil {
		return nil, err
	}
	return local.Open(ctx, local.Options{Dir: dir, Pipeline: settings.Pipeline, ReadOnly: true})
}

// VerifyBackup reads a whole archive and compares it with its checksums.
func VerifyBackup(ctx context.Context, r io.Reader) (backup.Summary, error) {
	return backup.Verify(ctx, r)
}

// Restore writes an archive into the configured store, which must hold nothing.
// Nothing is embedded again.
func Restore(ctx context.Context, c config.Config, log *slog.Logger, r io.ReadSeeker) (summary backup.Summary, err error) {
	var target store.Store
	defer func() {
		if target != nil {
			err = errors.Join(err, target.Close())
		}
	}()
	summary, err = backup.Restore(ctx, r, func(ctx context.Context, h backup.Header) (backup.Target, error) {
		target, err = openEmpty(ctx, c, h.Settings.Pipeline, log)
		return target, err
	})
	if err != nil {
		return summary, fmt.Errorf("restore: %w", err)
	}
	// The embedded store swaps the complete collection in; a restore that was
	// interrupted leaves nothing that looks like one.
	if s, ok := target.(*local.Store); ok {
		err = s.Activate(ctx)
	}
	return summary, err
}

// openEmpty opens what a backup is restored into.
func openEmpty(ctx context.Context, c config.Config, p corpus.Pipeline, log *slog.Logger) (store.Store, error) {
	if c.Store.Name != "local" {
		opens, err := pick("store.name", c.Store.Name, stores)
		if err != nil {
			return nil, err
		}
		return opens(ctx, c, p, log)
	}
	if _, err := local.Peek(ctx, c.Data); err == nil {
		return nil, corpus.Refused("the data folder %s holds a collection already; restore into an empty folder", c.Data)
	} else if !errors.Is(err, corpus.ErrNotReady) {
		return nil, err
	}
	return local.Rebuild(ctx, local.Options{Dir: c.Data, Pipeline: p})
}

func madeBy() string {
	b := ReadBuild()
	return "dalil " + b.Version
}

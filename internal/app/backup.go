package app

import (
	"context"
	"io"

	"dalil/backup"
	"dalil/internal/observe"
)

// Backup writes an archive of the whole index in the app's store.
func (a *App) Backup(ctx context.Context, w io.Writer) error {
	g, err := a.generation.pin()
	if err != nil {
		return err
	}
	defer g.release()
	_, err = backup.Write(ctx, w, g.opened, observe.MadeBy())
	return err
}

// Export writes every document as one line of JSON, see [backup.Export].
func (a *App) Export(ctx context.Context, w io.Writer) (int, error) {
	return pinned(a, func(g *generation) (int, error) { return backup.Export(ctx, g.store, w, nil) })
}

package app

import (
	"context"
	"io"

	"dalil/backup"
	"dalil/internal/observe"
	"dalil/store"
)

// Backup writes an archive of the app's store: of the whole index, or of the tenant of
// the caller.
func (a *App) Backup(ctx context.Context, w io.Writer) error {
	g, err := a.generation.pin()
	if err != nil {
		return err
	}
	defer g.release()
	_, err = backup.Write(ctx, w, store.OfCaller(ctx, g.opened), observe.MadeBy())
	return err
}

// Export writes every document as one line of JSON, see [backup.Export].
func (a *App) Export(ctx context.Context, w io.Writer) (int, error) {
	return pinned(a, func(g *generation) (int, error) { return backup.Export(ctx, g.store, w, nil) })
}

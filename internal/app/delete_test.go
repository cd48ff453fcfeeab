package app

import (
	"context"

	"dalil/corpus"
)

// Delete removes documents, as a client does it one by one.
func (a *App) Delete(ctx context.Context, ids []string) error {
	for _, id := range ids {
		if err := a.DeleteIf(ctx, corpus.Deletion{ID: id}); err != nil {
			return err
		}
	}
	return nil
}

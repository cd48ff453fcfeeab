package app

import (
	"context"

	"dalil/corpus"
)

// Delete removes documents, as a client does it one by one.
func (a *App) Delete(ctx context.Context, ids []string) error {
	for _, id := range ids {
		if _, err := a.documents().Delete(ctx, corpus.Deletion{ID: id}); err != nil {
			return err
		}
	}
	return nil
}

// Document reads a document, as a call of the wire does.
func (a *App) Document(ctx context.Context, id string, withText bool) (corpus.DocumentInfo, error) {
	return a.documents().Document(ctx, id, withText)
}

// Documents lists documents by their ids, as a call of the wire does.
func (a *App) Documents(ctx context.Context, after string, limit int) ([]corpus.DocumentInfo, error) {
	page, err := a.documents().List(ctx, corpus.Listing{After: &corpus.Place{ID: after}, Limit: limit})
	return page.Documents, err
}

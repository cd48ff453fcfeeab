package store

import (
	"context"
	"fmt"
)

// eachPage is how many documents are listed in one call.
const eachPage = 1000

// Each visits all documents of a store by rising id, until visit fails.
func Each(ctx context.Context, r Reader, visit func(Record) error) error {
	for after := ""; ; {
		page, err := r.Documents(ctx, after, eachPage)
		if err != nil {
			return fmt.Errorf("list documents: %w", err)
		}
		for _, info := range page {
			if err := visit(info); err != nil {
				return err
			}
		}
		if len(page) < eachPage {
			return nil
		}
		after = page[len(page)-1].Document.ID
	}
}

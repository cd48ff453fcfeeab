package store

import (
	"context"
	"fmt"
)

// eachPage is how many documents Each lists in one call.
const eachPage = 1000

// Living lists documents as [Reader.Documents] does, without those that have expired.
func Living(ctx context.Context, r Reader, after string, limit int) ([]Record, error) {
	var living []Record
	for {
		page, err := r.Documents(ctx, after, limit)
		if err != nil {
			return nil, err
		}
		for _, info := range page {
			if !info.Expired && len(living) < limit {
				living = append(living, info)
			}
		}
		if len(page) < limit || len(living) == limit {
			return living, nil
		}
		after = page[len(page)-1].Document.ID
	}
}

// Each calls visit with all documents of a store in ascending order of ids, until visit returns an error.
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

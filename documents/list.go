package documents

import (
	"context"
	"slices"

	"dalil/corpus"
	"dalil/store"
)

// List returns one page of a list of documents, without texts. Documents that have expired
// are left out. In ascending order of ids it reads the index from the last page on. In any
// other order it reads the whole index.
func (d *Documents) List(ctx context.Context, l corpus.Listing) (corpus.Listed, error) {
	return lent(d, func(x Index) (corpus.Listed, error) {
		if l.Order != corpus.ByID || l.Descending || l.Total {
			return listAll(ctx, x.Store, &l)
		}
		return listOn(ctx, x.Store, &l)
	})
}

// listOn reads on after the last document until the page is full.
func listOn(ctx context.Context, r store.Reader, l *corpus.Listing) (page corpus.Listed, err error) {
	after := ""
	if l.After != nil {
		after = l.After.ID
	}
	size := l.Limit
	if !l.Filter.IsZero() {
		size = max(size, scanPage)
	}
	for {
		records, err := store.Living(ctx, r, after, size)
		if err != nil {
			return page, err
		}
		for _, record := range records {
			if l.Filter.Match(&record.Document) {
				page.Documents = append(page.Documents, record.Public())
			}
			if len(page.Documents) == l.Limit {
				return page, nil
			}
		}
		if len(records) < size {
			return page, nil
		}
		after = records[len(records)-1].Document.ID
	}
}

// scanPage is how many documents are read in one call of the store.
const scanPage = 1000

// each calls visit with every document that a filter keeps and that has not expired, in
// ascending order of ids.
func each(ctx context.Context, r store.Reader, f corpus.Filter, visit func(*store.Record) error) error {
	return store.Each(ctx, r, func(record store.Record) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		if record.Expired || !f.Match(&record.Document) {
			return nil
		}
		return visit(&record)
	})
}

// listAll reads all documents and keeps those of the page.
func listAll(ctx context.Context, r store.Reader, l *corpus.Listing) (page corpus.Listed, err error) {
	type placed struct {
		place corpus.Place
		info  corpus.DocumentInfo
	}
	var kept []placed
	order := func(a, b placed) int { return l.Compare(a.place, b.place) }
	cut := func() {
		slices.SortFunc(kept, order)
		clear(kept[min(l.Limit, len(kept)):])
		kept = kept[:min(l.Limit, len(kept))]
	}
	err = each(ctx, r, l.Filter, func(record *store.Record) error {
		page.Total++
		one := placed{info: record.Public()}
		one.place = l.PlaceOf(&one.info)
		if l.After == nil || l.Compare(*l.After, one.place) < 0 {
			if kept = append(kept, one); len(kept) >= 2*l.Limit+64 {
				cut()
			}
		}
		return nil
	})
	if err != nil {
		return corpus.Listed{}, err
	}
	cut()
	for _, one := range kept {
		page.Documents = append(page.Documents, one.info)
	}
	return page, nil
}

package backup

import (
	"context"
	"fmt"
	"io"

	"dalil/corpus"
	"dalil/store"
)

// RestoreTenant verifies an archive and then writes the documents of one tenant to a
// store, which may have documents of others. It calls open after the verification; open
// returns a store for the pipeline of the archive. It refuses a store that has documents
// of the tenant, and an archive that has none. The counts are those of what was written.
// After an error, some documents may be written.
func RestoreTenant(ctx context.Context, r io.ReadSeeker, tenant string, open func(context.Context, Header) (store.Store, error)) (summary Summary, err error) {
	held := 0
	whole, err := read(ctx, r, func(e store.Entry) error {
		if name, _ := corpus.SplitKey(e.Document.ID); name == tenant {
			held++
		}
		return nil
	})
	if err != nil {
		return Summary{}, err
	}
	if held == 0 {
		return Summary{}, corpus.Refused("the archive has no documents of tenant %s", tenant)
	}
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return Summary{}, fmt.Errorf("read the archive again: %w", err)
	}
	settings, err := whole.Header.Settings.settings()
	if err != nil {
		return Summary{}, err
	}
	target, err := open(ctx, whole.Header)
	if err != nil {
		return Summary{}, err
	}
	if _, err := target.Create(ctx, settings); err != nil { // an existing collection keeps its settings
		return Summary{}, err
	}
	there, err := store.TenantDocuments(ctx, target, tenant, "", 1)
	if err != nil {
		return Summary{}, err
	}
	if len(there) > 0 {
		return Summary{}, corpus.Refused("the store has documents of tenant %s; delete them first with \"dalil tenants delete\"", tenant)
	}
	summary = Summary{Header: whole.Header}
	b := batch{target: target}
	_, err = read(ctx, r, func(e store.Entry) error {
		if name, _ := corpus.SplitKey(e.Document.ID); name != tenant {
			return nil
		}
		summary.Documents++
		summary.Passages += len(e.Points)
		return b.add(ctx, e)
	})
	if err == nil {
		err = b.flush(ctx)
	}
	return summary, err
}

// putter is the part of a store that a batch needs.
type putter interface {
	Put(ctx context.Context, entries []store.Entry) error
}

// batch collects documents to write.
type batch struct {
	target  putter
	entries []store.Entry
	points  int
}

func (b *batch) add(ctx context.Context, e store.Entry) error {
	b.entries = append(b.entries, e)
	b.points += len(e.Points)
	if len(b.entries) >= batchEntries || b.points >= batchPoints {
		return b.flush(ctx)
	}
	return nil
}

func (b *batch) flush(ctx context.Context) error {
	if len(b.entries) == 0 {
		return nil
	}
	err := b.target.Put(ctx, b.entries)
	b.entries, b.points = b.entries[:0], 0
	return err
}

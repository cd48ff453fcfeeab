package indexer

import (
	"context"
	"errors"
	"fmt"
	"time"

	"dalil/corpus"
	"dalil/store"
)

// checkLife rounds the times of a document to microseconds, and returns an error if
// they are invalid or contradict each other.
func checkLife(d *corpus.Document) error {
	for _, one := range []struct {
		name string
		t    *time.Time
	}{{"expires_at", &d.ExpiresAt}, {"visible_from", &d.VisibleFrom}} {
		if one.t.IsZero() {
			continue
		}
		*one.t = one.t.UTC().Truncate(time.Microsecond)
		if year := one.t.Year(); year < 1 || year > 9999 {
			return corpus.Invalid(one.name, fmt.Sprintf("must be of years 1 to 9999, is of year %d", year))
		}
	}
	if !d.ExpiresAt.IsZero() && !d.VisibleFrom.Before(d.ExpiresAt) {
		return corpus.Invalid("expires_at", "must be after visible_from")
	}
	if v := d.SourceVersion; v != nil && *v < 0 {
		return corpus.Invalid("source_version", fmt.Sprintf("must be 0 or more, is %d", *v))
	}
	return nil
}

// versions reads the current source versions, if a document of the batch has one.
func (w *writer) versions(ctx context.Context, batch []*prepared) (map[string]int64, error) {
	var ids []string
	for _, p := range batch {
		if p.document.SourceVersion != nil {
			ids = append(ids, p.document.ID)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	return w.deps.Store.Versions(ctx, ids)
}

// unwanted returns why a document need not be embedded: the current version is
// newer, or is not the one that the write expects. The store checks that again when
// it writes.
func (p *prepared) unwanted(held string, version int64, versioned bool) error {
	if versioned {
		if err := corpus.CheckVersion(p.document.ID, p.document.SourceVersion, &version); err != nil {
			return err
		}
	}
	if held == "" { // or a passage of it is missing
		return nil
	}
	return p.condition.Check(p.document.ID, store.Content(held))
}

// raised writes a newer source version of a document whose content is unchanged.
// Nothing is embedded. It returns false if the document was changed meanwhile.
func (w *writer) raised(ctx context.Context, p *prepared) (bool, error) {
	info, err := w.deps.Store.Document(ctx, p.document.ID)
	var e store.Entry
	if err == nil {
		e, err = store.ReadEntry(ctx, w.deps.Store, info)
	}
	if errors.Is(err, corpus.ErrNotFound) || err == nil && !store.Same(e.Fingerprint, p.fingerprint) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("raise the source version: %w", err)
	}
	e.Document.SourceVersion, e.UpdatedAt = p.document.SourceVersion, time.Time{}
	e.If = corpus.Condition{ETag: store.Content(p.fingerprint)}
	err = w.deps.Store.Put(ctx, []store.Entry{e})
	var changed *corpus.ConditionError
	if errors.As(err, &changed) {
		return false, nil
	}
	return err == nil, err
}

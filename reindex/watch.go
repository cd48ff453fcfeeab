package reindex

import (
	"context"
	"fmt"
	"time"

	"dalil/corpus"
	"dalil/store"
)

// Follower is a server that follows the active collection.
type Follower interface {
	// State returns whether a collection is open, its name ("" before the first
	// document), and the error of SetError.
	State() (open bool, collection string, why error)
	// SetError records why the active collection is not open; nil clears it.
	SetError(why error)
	// GoOver opens the active collection in place of the previous one.
	GoOver(ctx context.Context, before string) error
	// CannotGoOver is called once for each new reason.
	CannotGoOver(ctx context.Context, why error)
}

// Watch checks which collection is active until ctx ends, and calls f.GoOver when
// it changes. Searches never use the alias itself, so that every answer is from one
// collection and the pipeline that built it.
func Watch(ctx context.Context, d store.Cataloguer, alias string, every time.Duration, f Follower) {
	w := watcher{follower: f, alias: alias, driver: d}
	defer w.close()
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		w.look(ctx)
	}
}

type watcher struct {
	follower  Follower
	alias     string
	driver    store.Cataloguer
	catalogue store.Catalogue
}

func (w *watcher) close() {
	if w.catalogue != nil {
		w.catalogue.Close()
	}
}

func (w *watcher) look(ctx context.Context) {
	f := w.follower
	_, before, _ := f.State()
	name, err := w.active(ctx)
	if ctx.Err() != nil {
		return
	}
	open, held, why := f.State()
	switch {
	case err != nil && !open:
		f.SetError(err)
		return
	case err != nil:
		return // Ready checks the store itself; the open collection goes on answering
	case open && name == "" && held != before:
		return // the first document created the collection after the alias was asked
	case open && name == "" && held != "":
		// Writes would be missing in the collection that the alias will point to.
		w.lost(ctx, why, corpus.Errorf(corpus.ErrMissing, "the alias %s points to no collection any more; collection %s answers here, and nothing is written to it; \"dalil reindex activate %s\" points the alias to it again", w.alias, held, held))
		return
	case open && (name == held || name == ""):
		if why != nil {
			f.SetError(nil)
		}
		return
	}
	if err := f.GoOver(ctx, held); err != nil {
		if open {
			err = fmt.Errorf("the alias %s points to %s now, which this process can't open, so it goes on answering from %s: %w", w.alias, name, held, err)
		}
		if why == nil || why.Error() != err.Error() {
			f.CannotGoOver(ctx, err)
		}
		f.SetError(err)
	}
}

// lost records that no collection is active any more, and calls CannotGoOver if
// that was not known before.
func (w *watcher) lost(ctx context.Context, before, why error) {
	if before == nil || before.Error() != why.Error() {
		w.follower.CannotGoOver(ctx, why)
	}
	w.follower.SetError(why)
}

func (w *watcher) active(ctx context.Context) (string, error) {
	if w.catalogue == nil {
		catalogue, err := w.driver.OpenCatalogue(ctx)
		if err != nil {
			return "", err
		}
		w.catalogue = catalogue
	}
	return w.catalogue.Active(ctx)
}

package app

import (
	"context"
	"fmt"
	"log/slog"

	"dalil/corpus"
	"dalil/store"
)

// gated is a store whose every write asks mayWrite first, whoever makes it: an
// ingest, a rebuild, a single delete.
type gated struct {
	store.Store
	mayWrite func(ctx context.Context, w write) error
}

// write is what a call of the store does.
type write uint8

const (
	putting  write = iota // needs the model that built the collection
	deleting              // needs none
)

func (g *gated) Unwrap() store.Store { return g.Store }

func (g *gated) Create(ctx context.Context, settings store.Settings) (store.Settings, error) {
	if err := g.mayWrite(ctx, putting); err != nil {
		return store.Settings{}, err
	}
	return g.Store.Create(ctx, settings)
}

func (g *gated) Put(ctx context.Context, entries []store.Entry) error {
	if err := g.mayWrite(ctx, putting); err != nil {
		return err
	}
	return g.Store.Put(ctx, entries)
}

func (g *gated) Delete(ctx context.Context, documentIDs []string) error {
	if err := g.mayWrite(ctx, deleting); err != nil {
		return err
	}
	return g.Store.Delete(ctx, documentIDs)
}

// gatedCarrier is gated in front of a store that is a [store.Carrier].
type gatedCarrier struct {
	*gated
	carrier store.Carrier
}

// gateFor puts the gate in front of a store; opened is the same as the adapter
// opened it.
func gateFor(s, opened store.Store, mayWrite func(context.Context, write) error) store.Store {
	g := &gated{s, mayWrite}
	if carrier, able := opened.(store.Carrier); able {
		return gatedCarrier{g, carrier}
	}
	return g
}

func (g gatedCarrier) Carry(ctx context.Context, entries []store.Carried) error {
	if err := g.mayWrite(ctx, putting); err != nil {
		return err
	}
	return g.carrier.Carry(ctx, entries)
}

func (g gatedCarrier) DeleteCarried(ctx context.Context, documents []store.Dropped) error {
	if err := g.mayWrite(ctx, deleting); err != nil {
		return err
	}
	return g.carrier.DeleteCarried(ctx, documents)
}

// mayWrite is the gate in front of a generation's store. It refuses writes while
// the alias points to a collection that this process can't open, since nobody
// carries over what goes to the one before. It also refuses to put what a model
// embedded that has changed, or that could not be compared yet: one that did not
// answer at the start is asked again.
func (a *App) mayWrite(ctx context.Context, g *generation, w write) error {
	if open, _, why := a.generation.state(); open && why != nil {
		a.log.LogAttrs(ctx, slog.LevelDebug, "refuse a write", slog.String("reason", why.Error()))
		return corpus.Refused("nothing is written: another collection is active, which this server could not open; its log says why")
	}
	if w == deleting {
		return nil
	}
	if g.suspended != nil {
		if why := g.unusable.Load(); why != nil {
			return fmt.Errorf("nothing is written, the model that answers now can't be used: %w", *why)
		}
		return fmt.Errorf("nothing is written before the model has answered: %w", g.suspended)
	}
	if !g.compared.Load() {
		g.comparing.Lock()
		defer g.comparing.Unlock()
	}
	if !g.compared.Load() {
		if err := a.verify(ctx, g); err != nil {
			return fmt.Errorf("nothing is written before the model was compared with the collection's: %w", err)
		}
	}
	if changed := g.changed.Load(); changed != nil {
		return *changed
	}
	return nil
}

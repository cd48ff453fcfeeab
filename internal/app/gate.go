package app

import (
	"context"
	"fmt"
	"log/slog"

	"dalil/corpus"
	"dalil/store"
)

// mayWrite is the gate in front of a generation's store. It refuses writes while
// the alias points to a collection that this process cannot open, because writes to
// the previous collection would not be carried over. It also refuses vectors of a
// model that has changed, or that could not be compared yet. If the model did not
// answer at the start, it is called again here.
func (a *App) mayWrite(ctx context.Context, g *generation, w store.Write) error {
	if open, _, why := a.generation.state(); open && why != nil {
		a.log.LogAttrs(ctx, slog.LevelDebug, "refuse a write", slog.String("reason", why.Error()))
		if corpus.KindOf(why) == corpus.ErrMissing {
			return corpus.Refused("nothing is written, because the alias no longer points to a collection of Dalil; an operator must activate one again (\"dalil reindex status\", \"dalil reindex activate NAME\")")
		}
		return corpus.Refused("nothing is written, because another collection is active, which this server could not open; its log has the reason")
	}
	if w != store.Putting {
		return nil
	}
	if g.suspended != nil {
		if why := g.unusable.Load(); why != nil {
			return fmt.Errorf("nothing is written, because the model that answers now cannot be used: %w", *why)
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

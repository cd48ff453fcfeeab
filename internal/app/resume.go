package app

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"dalil/corpus"
	"dalil/internal/model"
	"dalil/store"
)

// resumeEvery is how often a suspended model is tried again.
const resumeEvery = 5 * time.Second

// resume opens a new generation when a suspended model answers again. It runs until ctx ends.
func (a *App) resume(ctx context.Context) {
	last := ""
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(min(resumeEvery, a.config.Store.Poll)):
		}
		g, err := a.generation.pin()
		if err != nil {
			continue
		}
		g.release() // swap waits for the requests that pin the old generation
		if g.suspended != nil && a.modelAnswers() {
			if err := a.reopen(ctx, g); err == nil {
				a.log.LogAttrs(ctx, slog.LevelInfo, "the model answers again")
			} else if g.unusable.Store(&err); err.Error() != last {
				last = err.Error()
				a.log.LogAttrs(ctx, slog.LevelError, "the model answers again, but cannot be used; questions are still answered by words alone", slog.String("error", last))
			}
		}
	}
}

func (a *App) modelAnswers() bool {
	_, err := model.OpenProvider(a.config)
	return err == nil
}

// reopen replaces the suspended generation with a new one. The suspended one goes
// on answering until then, or stays if the new one cannot be opened. The collection
// of a store without a catalogue can be open only once in a process, so the new
// generation takes over the open store.
func (a *App) reopen(ctx context.Context, suspended *generation) error {
	open := opener(store.Driver.Open)
	if _, several := a.driver.(store.Cataloguer); !several {
		open = suspended.lend
	}
	g, err := a.openNewest(ctx, open)
	if err != nil {
		return err
	}
	if g.suspended != nil { // the model stopped answering again
		if g.opened == suspended.opened {
			return g.suspended
		}
		return errors.Join(g.suspended, g.store.Close())
	}
	return a.generation.swap(g)
}

// lend passes the open store to a generation of the same pipeline.
func (g *generation) lend(_ store.Driver, _ context.Context, p corpus.Pipeline) (store.Store, error) {
	if p != g.pipeline {
		return nil, &corpus.MismatchError{Held: g.pipeline, Wanted: p}
	}
	return g.opened, nil
}

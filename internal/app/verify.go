package app

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"dalil/corpus"
	"dalil/internal/model"
)

const (
	verifyEvery = time.Hour
	// verifyAgain is when an embedder that did not answer is asked once more.
	verifyAgain = 10 * time.Second
	// verifyWithin keeps a slow embedder from holding up a start.
	verifyWithin = 10 * time.Second
)

// verify embeds the probe texts again and compares: a model that changed behind
// its name must not write into a collection of the old one. An embedder that does
// not answer proves nothing, and leaves what was known; that is the error.
func (a *App) verify(ctx context.Context, g *generation) error {
	ctx, cancel := context.WithTimeout(ctx, verifyWithin)
	defer cancel()
	err := model.CompareProbes(ctx, g.embedder, g.store)
	switch {
	case err == nil:
		g.changed.Store(nil)
		a.metrics.FingerprintMatch(true)
	case errors.Is(err, corpus.ErrModelMismatch):
		g.changed.Store(&err)
		a.metrics.FingerprintMatch(false)
		a.log.LogAttrs(ctx, slog.LevelError, "the model has changed", slog.String("error", err.Error()))
	default:
		return err
	}
	g.compared.Store(true)
	return nil
}

// verifyHourly compares until ctx ends, more often while that has yet to succeed.
func (a *App) verifyHourly(ctx context.Context) {
	for {
		wait := verifyEvery
		if g, err := a.generation.pin(); err == nil {
			if !g.compared.Load() {
				wait = verifyAgain
			}
			g.release()
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
		if g, err := a.generation.pin(); err == nil {
			if g.suspended == nil {
				if err := a.verify(ctx, g); err != nil {
					a.notCompared(ctx, err)
				}
			}
			g.release()
		}
	}
}

func (a *App) notCompared(ctx context.Context, err error) {
	a.log.LogAttrs(ctx, slog.LevelWarn, "the model could not be compared with the collection's", slog.String("error", err.Error()))
}

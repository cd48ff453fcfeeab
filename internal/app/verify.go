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
	// verifyAgain is the pause before an embedder that did not answer is tried again.
	verifyAgain = 10 * time.Second
	// verifyWithin is the timeout of the check, so that a slow embedder does not delay the start.
	verifyWithin = 10 * time.Second
)

// verify embeds the probe texts again and compares their vectors. If the model
// changed behind its name, it must not write to a collection of the old model. If
// the embedder does not answer, verify returns an error and the earlier result
// stays.
func (a *App) verify(ctx context.Context, g *generation) error {
	ctx, cancel := context.WithTimeout(ctx, verifyWithin)
	defer cancel()
	err := model.CompareProbes(ctx, g.embedder, g.shared)
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

// verifyHourly compares every hour until ctx ends, and more often until it succeeds for the first
// time.
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

package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"dalil/corpus"
	"dalil/embedder"
)

// probeTexts are embedded when a collection is created and compared later.
var probeTexts = []string{
	"التعاون الدولي من أجل التنمية", "international cooperation for development", "2024", "Dalil دليل",
}

const (
	// sameModel is the least cosine between a probe's vector now and when the
	// collection was made: above what other hardware and rounding change, below
	// what another model, prefix or pooling does.
	sameModel   = 0.999
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
	err := g.compareProbes(ctx)
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

func cosine(a, b corpus.Vector) (sum float64) {
	for i := range a {
		sum += float64(a[i]) * float64(b[i])
	}
	return sum
}

func (g *generation) compareProbes(ctx context.Context) error {
	settings, err := g.store.Settings(ctx)
	if errors.Is(err, corpus.ErrNotReady) || err == nil && len(settings.Probes) != len(probeTexts) {
		return nil // nothing to compare with
	}
	if err != nil {
		return err
	}
	now, err := g.embedder.Embed(ctx, embedder.Passage, probeTexts)
	if err != nil {
		return err
	}
	for i, v := range now.Vectors {
		if len(v) != len(settings.Probes[i]) {
			return fmt.Errorf("%w: the model gives %d dimensions, the collection has %d", corpus.ErrModelMismatch, len(v), len(settings.Probes[i]))
		}
		if c := cosine(v, settings.Probes[i]); c < sameModel {
			return fmt.Errorf("%w: %s embeds %q otherwise than when the collection was made (cosine %.4f, at least %g): restore the model and its prefixes, or index again with --rebuild",
				corpus.ErrModelMismatch, g.pipeline.Model, probeTexts[i], c, sameModel)
		}
	}
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

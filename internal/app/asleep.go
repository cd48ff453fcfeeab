package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"dalil/corpus"
	"dalil/embedder"
	"dalil/internal/config"
	"dalil/store/local"
	"dalil/store/qdrant"
)

// A model server that tells its own model, and is down when this process
// starts, must not keep words from answering: what was indexed says which model
// it was. Nothing is written until the server has answered.

// absent stands for a model that does not answer.
type absent struct {
	model embedder.Model
	why   error
}

// Remote reports true: only models behind a server can be absent.
func (e absent) Remote() bool { return true }

func (e absent) Model() embedder.Model { return e.model }

func (e absent) Embed(context.Context, embedder.Role, []string) (embedder.Embeddings, error) {
	return embedder.Embeddings{}, e.why
}

// asleep stands in for an embedder that could not be opened for the reason why,
// where a collection tells its model; held is that collection's pipeline.
func asleep(ctx context.Context, c config.Config, log *slog.Logger, why error) (e embedder.Embedder, held corpus.Pipeline, err error) {
	if !errors.Is(why, corpus.ErrUnavailable) {
		return nil, held, why
	}
	if held, err = heldPipeline(ctx, c, log); err != nil || held.Dimensions == 0 {
		return nil, held, why // nothing is indexed, or the store is down too
	}
	log.LogAttrs(ctx, slog.LevelError, "the model does not answer; questions are answered by words alone until it does", slog.String("error", why.Error()))
	model := embedder.Model{Name: held.Model, Revision: held.ModelRevision, Dimensions: held.Dimensions, MaxBatch: 1}
	return absent{model, why}, held, nil
}

// heldPipeline is what built the collection that answers.
func heldPipeline(ctx context.Context, c config.Config, log *slog.Logger) (corpus.Pipeline, error) {
	if c.Store.Name != "qdrant" {
		settings, err := local.Peek(ctx, c.Data)
		return settings.Pipeline, err
	}
	catalogue, err := qdrant.OpenCatalogue(ctx, qdrantOptions(c, corpus.Pipeline{}, log))
	if err != nil {
		return corpus.Pipeline{}, err
	}
	defer catalogue.Close()
	name, err := catalogue.Active(ctx)
	if err != nil || name == "" {
		return corpus.Pipeline{}, err
	}
	return catalogue.Pipeline(ctx, name)
}

// wakeEvery is how often a model that was down at the start is looked for.
const wakeEvery = 5 * time.Second

// wake opens everything anew once the model answers, until ctx ends.
func (a *App) wake(ctx context.Context) {
	sleeps := false
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(min(wakeEvery, a.config.Store.Poll)):
		}
		if g, err := a.generation.pin(); err == nil {
			sleeps = g.asleep != nil
			g.release()
		}
		if !sleeps || !a.modelAnswers() {
			continue
		}
		_, _, why := a.generation.state()
		if err := a.reopen(ctx); err != nil {
			if why == nil || !strings.Contains(why.Error(), err.Error()) {
				a.log.LogAttrs(ctx, slog.LevelError, "the model answers again, but can't be used", slog.String("error", err.Error()))
			}
			continue
		}
		a.log.LogAttrs(ctx, slog.LevelInfo, "the model answers again")
	}
}

func (a *App) modelAnswers() bool {
	c := a.config
	var err error
	if c.Embedder, err = withPreset(c.Embedder); err == nil {
		_, err = embedders[c.Embedder.Name](c)
	}
	return err == nil
}

// reopen puts a new generation in the place of the present one. The embedded
// store is held by one at a time, so questions find none for a moment.
func (a *App) reopen(ctx context.Context) error {
	if a.config.Store.Name != "qdrant" {
		if err := a.generation.swap(nil); err != nil {
			return err
		}
	}
	g, err := a.openNewest(ctx)
	if err != nil {
		a.generation.trouble(fmt.Errorf("open again: %w", err))
		return err
	}
	return a.generation.swap(g)
}

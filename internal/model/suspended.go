package model

import (
	"context"
	"errors"
	"log/slog"

	"dalil/corpus"
	"dalil/embedder"
)

// A model server that reports its own model may be down when this process starts.
// Words must still answer: the collection says which model built it. Nothing is
// written until the server has answered.

// absent replaces a model that does not answer.
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

// suspend replaces an embedder that could not be opened for the reason why,
// where a collection says which model it was; p is that collection's pipeline.
func suspend(ctx context.Context, held func(context.Context) (corpus.Pipeline, error), log *slog.Logger, why error) (e embedder.Embedder, p corpus.Pipeline, err error) {
	if !errors.Is(why, corpus.ErrUnavailable) {
		return nil, p, why
	}
	if p, err = held(ctx); err != nil || p.Dimensions == 0 {
		return nil, p, why // nothing is indexed, or the store is down too
	}
	log.LogAttrs(ctx, slog.LevelError, "the model does not answer; questions are answered by words alone until it does", slog.String("error", why.Error()))
	model := embedder.Model{Name: p.Model, Revision: p.ModelRevision, Dimensions: p.Dimensions, MaxBatch: 1}
	return absent{model, why}, p, nil
}

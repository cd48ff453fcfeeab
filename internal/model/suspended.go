package model

import (
	"context"
	"errors"
	"log/slog"

	"dalil/corpus"
	"dalil/embedder"
)

// A server that reports its own model may be down when this process starts.
// Questions must still be answered by words, so the model's identity is read from
// the collection. Nothing is written until the server has answered.

// absent is the embedder in place of a model that does not answer.
type absent struct {
	model embedder.Model
	why   error
}

// Remote reports true, because only a model in another process can be absent.
func (e absent) Remote() bool { return true }

func (e absent) Model() embedder.Model { return e.model }

func (e absent) Embed(context.Context, embedder.Role, []string) (embedder.Embeddings, error) {
	return embedder.Embeddings{}, e.why
}

// suspend returns an embedder in place of one that could not be opened because of
// reason. p is the pipeline of the collection, which names the model.
func suspend(ctx context.Context, held func(context.Context) (corpus.Pipeline, error), log *slog.Logger, why error) (e embedder.Embedder, p corpus.Pipeline, err error) {
	if !errors.Is(why, corpus.ErrUnavailable) {
		return nil, p, why
	}
	if p, err = held(ctx); err != nil || p.Dimensions == 0 {
		return nil, p, why // nothing is indexed, or the store does not answer either
	}
	log.LogAttrs(ctx, slog.LevelError, "the model does not answer; questions are answered by words alone until it does", slog.String("error", why.Error()))
	model := embedder.Model{Name: p.Model, Revision: p.ModelRevision, Dimensions: p.Dimensions, MaxBatch: 1}
	return absent{model, why}, p, nil
}

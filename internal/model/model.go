// Package model makes a ready embedder from the configuration: it opens the
// provider, counts tokens, fits passages to the limit and adds the wrappers in
// their order. Start with [Open]. It also opens the lexicons and rerankers that
// the configuration names.
package model

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"dalil/chunker"
	"dalil/corpus"
	"dalil/embedder"
	"dalil/internal/config"
	"dalil/internal/observe"
)

// Model is a ready embedder with what depends on its limits.
type Model struct {
	Provider embedder.Embedder   // without wrappers
	Embedder embedder.Embedder   // with all of them
	Settings config.Embedder     // with what a preset adds
	Chunker  *chunker.Chunker    // cuts so that no passage is longer than the model reads
	Title    func(string) string // what of a title is embedded with each passage; nil: all
	// Suspended is why the model does not answer; nil: it does. Held is then the
	// pipeline of the collection that says which model it was.
	Suspended error
	Held      corpus.Pipeline
}

// ErrOpen is the error of an embedder that could not be opened.
var ErrOpen = errors.New("open embedder")

// Deps are what a model needs beside the configuration.
type Deps struct {
	// Held reads the pipeline of the collection that answers: it names a model that
	// does not answer.
	Held    func(context.Context) (corpus.Pipeline, error)
	Metrics *observe.Metrics
	Log     *slog.Logger
}

// Open opens the configured embedder. One that does not answer is suspended where
// a collection says which model it was: then it answers nothing, and words do.
func Open(ctx context.Context, c config.Config, deps Deps) (*Model, error) {
	var err error
	if c.Embedder, err = withPreset(c.Embedder); err != nil {
		return nil, err
	}
	m := &Model{Settings: c.Embedder}
	adapter, err := OpenProvider(c)
	if err != nil {
		m.Suspended = err
		adapter, m.Held, err = suspend(ctx, deps.Held, deps.Log, err)
	}
	if err != nil {
		return nil, fmt.Errorf("%w %s: %w", ErrOpen, c.Embedder.Name, err)
	}
	m.Provider = adapter
	count, err := countingOf(adapter, c.Embedder.Tokenizer)
	if err != nil {
		return nil, err
	}
	if c.Embedder.Tokenizer != "" {
		adapter = embedder.Counted(adapter, count)
	}
	m.Embedder = fittedTo(wrap(adapter, c.Embedder, deps.Metrics), count, c.Embedder.QueryPrefix)
	fits, err := fitTo(c.Index.ChunkTokens, m.Embedder.Model(), count, c.Embedder.PassagePrefix)
	if err != nil {
		return nil, err
	}
	m.Chunker, m.Title = chunker.New(fits.chunks), fits.title
	return m, nil
}

// Pipeline is what a collection that this model builds is made by.
func (m *Model) Pipeline(analyzer string) corpus.Pipeline {
	model, s := m.Embedder.Model(), m.Settings
	p := corpus.Pipeline{
		Model: model.Name, ModelRevision: model.Revision, Dimensions: model.Dimensions,
		PassagePrefix: s.PassagePrefix, QueryPrefix: s.QueryPrefix, Pooling: s.Pooling,
		QueryParameters: string(s.QueryParameters), PassageParameters: string(s.PassageParameters),
		Analyzer: analyzer, Chunker: m.Chunker.Name(),
	}
	if m.Suspended != nil {
		p.Chunker = m.Held.Chunker // which depends on a limit that only the model reports
	}
	return p
}

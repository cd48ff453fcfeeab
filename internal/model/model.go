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

// Model is a ready embedder, and what depends on its limits.
type Model struct {
	Provider embedder.Embedder   // the provider without wrappers
	Embedder embedder.Embedder   // with all wrappers
	Settings config.Embedder     // the settings, with those of the preset
	Chunker  *chunker.Chunker    // cuts documents so that no passage is longer than the model reads
	Title    func(string) string // shortens the title that is embedded with each passage; nil: it is not shortened
	// Suspended is why the model does not answer, or nil if it does. While it is
	// set, Held is the pipeline of the collection, which names the model.
	Suspended error
	Held      corpus.Pipeline
}

// ErrOpen is in the chain of errors about an embedder that could not be opened.
var ErrOpen = errors.New("open embedder")

// Deps has what a model needs in addition to the configuration.
type Deps struct {
	// Held reads the pipeline of the active collection. It names the model if the
	// model itself does not answer.
	Held    func(context.Context) (corpus.Pipeline, error)
	Metrics *observe.Metrics
	// Spend gets the tokens of each call of the model; nil: nobody is charged.
	Spend func(ctx context.Context, tokens int)
	Log   *slog.Logger
}

// Open opens the configured embedder. If it does not answer, and a collection names
// the model, the model is suspended: every call of it fails, and questions are
// answered by words alone.
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
	if deps.Spend != nil {
		m.Embedder = embedder.Charged(m.Embedder, deps.Spend)
	}
	fits, err := fitTo(c.Index.ChunkTokens, m.Embedder.Model(), count, c.Embedder.PassagePrefix)
	if err != nil {
		return nil, err
	}
	m.Chunker, m.Title = chunker.New(fits.chunks), fits.title
	return m, nil
}

// Pipeline returns the pipeline of collections that are built with this model.
func (m *Model) Pipeline(analyzer string) corpus.Pipeline {
	model, s := m.Embedder.Model(), m.Settings
	p := corpus.Pipeline{
		Model: model.Name, ModelRevision: model.Revision, Dimensions: model.Dimensions,
		PassagePrefix: s.PassagePrefix, QueryPrefix: s.QueryPrefix, Pooling: s.Pooling,
		QueryParameters: string(s.QueryParameters), PassageParameters: string(s.PassageParameters),
		Analyzer: analyzer, Chunker: m.Chunker.Name(),
	}
	if m.Suspended != nil {
		p.Chunker = m.Held.Chunker // it depends on a limit that only the model reports
	}
	return p
}

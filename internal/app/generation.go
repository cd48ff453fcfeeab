package app

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"dalil/corpus"
	"dalil/embedder"
	"dalil/grounding"
	"dalil/indexer"
	"dalil/internal/config"
	"dalil/internal/model"
	"dalil/lexical"
	"dalil/parser"
	"dalil/searcher"
	"dalil/store"
)

// generation is one open collection with the embedder and searcher that belong to
// it. A request pins one generation, so that no answer mixes two pipelines.
type generation struct {
	store        store.Store // behind the gate
	opened       store.Store // without the gate
	embedder     embedder.Embedder
	pipeline     corpus.Pipeline
	searcher     *searcher.Searcher
	contexts     *grounding.Builder
	indexDeps    indexer.Deps
	indexOptions indexer.Options

	users      sync.WaitGroup        // requests that pin it
	superseded chan struct{}         // closed when another generation replaced this one
	changed    atomic.Pointer[error] // how the model differs from the one that built the collection; nil: it does not
	compared   atomic.Bool           // the model has been compared
	comparing  sync.Mutex            // held while a writer compares the model
	suspended  error                 // why the model is suspended, so that only words answer; nil: it is not
	unusable   atomic.Pointer[error] // why a model that answers again cannot be used; nil: there is none
	lent       bool                  // another generation has taken over the store and closes it
}

// open opens one generation, step by step.
func (a *App) open(ctx context.Context, c config.Config, openStore opener) (*generation, error) {
	m, err := model.Open(ctx, c, model.Deps{Held: a.driver.Held, Metrics: a.metrics, Log: a.log})
	if err != nil {
		return nil, err
	}
	counter, err := model.ContextCounter(c.Context.Tokenizer)
	if err != nil {
		return nil, err
	}
	analyzer := lexical.NewAnalyzer()
	g := &generation{
		embedder: m.Embedder, suspended: m.Suspended, pipeline: m.Pipeline(analyzer.Name()), superseded: make(chan struct{}),
	}
	vocabulary := func(ctx context.Context) (store.Vocabulary, error) { return g.store.Vocabulary(ctx) }
	deps, options, err := m.ReadPath(c.Search, analyzer, vocabulary, a.metrics, a.log)
	if err != nil {
		return nil, err
	}
	if err := a.openStore(ctx, c, openStore, g); err != nil {
		return nil, err
	}
	deps.Store = g.store
	g.searcher = searcher.New(deps, options)
	g.contexts = grounding.New(grounding.Deps{Search: g.searcher, Read: g.store, Sentences: deps.Reranker}, grounding.Options{Counter: counter})
	g.writing(c.Index, m, analyzer)
	if g.suspended == nil {
		if err := a.verify(ctx, g); err != nil {
			a.notCompared(ctx, err)
		}
	}
	return g, nil
}

// openStore opens the collection and puts the gate in front of it.
func (a *App) openStore(ctx context.Context, c config.Config, open opener, g *generation) error {
	opened, err := open(a.driver, ctx, g.pipeline)
	if err != nil {
		return fmt.Errorf("open store %s: %w", c.Store.Name, err)
	}
	g.store = store.Gated(a.metrics.Store(opened), opened, func(ctx context.Context, w store.Write) error { return a.mayWrite(ctx, g, w) })
	g.opened = opened
	return nil
}

// writing opens the write path.
func (g *generation) writing(c config.Index, m *model.Model, analyzer *lexical.Analyzer) {
	g.indexDeps = indexer.Deps{
		Parser: parser.New(parser.Options{}), Chunker: m.Chunker, Analyzer: analyzer, Store: g.store, Pipeline: g.pipeline,
		Embedder: m.Embedder,
	}
	g.indexOptions = indexer.Options{
		Workers: c.Workers, AverageLength: c.AverageLength, Linger: linger, ProbeTexts: model.ProbeTexts(), Title: m.Title,
	}
}

// collection returns the collection's name: the pipeline's fingerprint if the store
// gives it no name, and "" if no document has been written yet.
func (g *generation) collection() string {
	if named, ok := g.opened.(store.Named); ok {
		return named.Collection()
	}
	return g.pipeline.Fingerprint()
}

// encoder returns the encoder of sparse vectors with the settings of the collection.
func (g *generation) encoder(averageLength float64) *lexical.Encoder {
	return lexical.NewEncoder(g.indexDeps.Analyzer, averageLength)
}

// linger is how long a document of a stream waits for further documents of its
// batch.
const linger = 5 * time.Millisecond

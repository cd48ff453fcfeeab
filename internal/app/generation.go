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
	"dalil/internal/stores"
	"dalil/lexical"
	"dalil/parser"
	"dalil/searcher"
	"dalil/store"
)

// generation is one open collection with the embedder and searcher that belong to
// it. A request pins one generation, so that no answer mixes two pipelines.
type generation struct {
	store        store.Store // bound to the callers of its calls, behind the gate
	shared       store.Store // behind the gate; for work for all tenants
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

// opening is the work of opening one generation, step by step.
type opening struct {
	*generation
	app       *App
	config    config.Config
	openStore opener
	analyzer  *lexical.Analyzer
	model     *model.Model
	counter   grounding.Counter
	search    searcher.Deps // what nothing but the store is missing in
	options   searcher.Options
}

// open opens one generation. The store is opened last of what can fail, so that a
// failed step leaves nothing open.
func (a *App) open(ctx context.Context, c config.Config, openStore opener) (*generation, error) {
	o := &opening{generation: &generation{superseded: make(chan struct{})}, app: a, config: c, openStore: openStore, analyzer: lexical.NewAnalyzer()}
	var beside sync.WaitGroup
	beside.Go(func() { model.ReadAhead(c.Search) })
	defer beside.Wait()
	for _, step := range []func(context.Context) error{o.openModel, o.openReadPath, o.openCollection, o.assemble, o.compareModel} {
		if err := step(ctx); err != nil {
			return nil, err
		}
	}
	return o.generation, nil
}

func (o *opening) openModel(ctx context.Context) (err error) {
	if o.model, err = model.Open(ctx, o.config, model.Deps{Held: o.app.driver.Held, Metrics: o.app.metrics, Spend: o.app.usage.Spend, Log: o.app.log}); err != nil {
		return err
	}
	o.embedder, o.suspended, o.pipeline = o.model.Embedder, o.model.Suspended, o.model.Pipeline(o.analyzer.Name())
	o.counter, err = model.ContextCounter(o.config.Context.Tokenizer)
	return err
}

// openReadPath opens the files that the read path needs.
func (o *opening) openReadPath(context.Context) (err error) {
	vocabulary := func(ctx context.Context) (store.Vocabulary, error) { return o.store.Vocabulary(ctx) }
	o.search, o.options, err = o.model.ReadPath(o.config.Search, o.analyzer, vocabulary, o.app.metrics, o.app.log)
	return err
}

// openCollection opens the collection, puts the gate in front of it and binds it.
func (o *opening) openCollection(ctx context.Context) (err error) {
	if o.opened, err = o.openStore(o.app.driver, ctx, o.pipeline); err != nil {
		return fmt.Errorf("open store %s: %w", o.config.Store.Name, err)
	}
	store.TakeTurns(o.opened, o.app.turns)
	limited := stores.WithQuotas(o.app.metrics.Store(o.opened), o.app.driver, o.config.Quota)
	o.app.metrics.WatchQuotas(limited, o.config.Metrics.Tenants)
	o.shared = store.Gated(limited, o.opened, func(ctx context.Context, w store.Write) error { return o.app.mayWrite(ctx, o.generation, w) })
	o.store = store.Bound(o.shared)
	return nil
}

// assemble builds the read path and the write path.
func (o *opening) assemble(context.Context) error {
	o.search.Store = o.store
	o.searcher = searcher.New(o.search, o.options)
	o.contexts = grounding.New(grounding.Deps{Search: o.searcher, Read: o.store, Sentences: o.search.Reranker}, grounding.Options{Counter: o.counter})
	o.indexDeps = indexer.Deps{
		Parser: parser.New(parser.Options{}), Chunker: o.model.Chunker, Analyzer: o.analyzer, Store: o.store, Pipeline: o.pipeline,
		Embedder: o.embedder, Turns: o.app.turns,
	}
	o.indexOptions = indexer.Options{
		Workers: o.config.Index.Workers, AverageLength: o.config.Index.AverageLength, Linger: linger, ProbeTexts: model.ProbeTexts(), Title: o.model.Title,
	}
	return nil
}

// compareModel compares the model with the one that built the collection. A model
// that does not answer is compared later.
func (o *opening) compareModel(ctx context.Context) error {
	if o.suspended == nil {
		if err := o.app.verify(ctx, o.generation); err != nil {
			o.app.notCompared(ctx, err)
		}
	}
	return nil
}

// collection is the collection's name, see [store.NameOf].
func (g *generation) collection() string { return store.NameOf(g.opened, g.pipeline) }

// encoder returns the encoder of sparse vectors with the settings of the collection.
func (g *generation) encoder(averageLength float64) *lexical.Encoder {
	return lexical.NewEncoder(g.indexDeps.Analyzer, averageLength)
}

// linger is how long a document of a stream waits for further documents of its
// batch.
const linger = 5 * time.Millisecond

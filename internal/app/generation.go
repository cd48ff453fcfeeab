package app

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"dalil/chunker"
	"dalil/corpus"
	"dalil/embedder"
	"dalil/indexer"
	"dalil/internal/config"
	"dalil/lexical"
	"dalil/parser"
	"dalil/searcher"
	"dalil/store"
)

// generation is one collection with everything that was built for it. A
// request pins one, so that a swap never mixes two pipelines in one answer.
type generation struct {
	store        store.Store
	opened       store.Store // as the adapter gave it
	gate         *gated      // in front of opened; store is behind it
	embedder     embedder.Embedder
	pipeline     corpus.Pipeline
	searcher     *searcher.Searcher
	indexDeps    indexer.Deps
	indexOptions indexer.Options

	users      sync.WaitGroup        // requests that have it pinned
	superseded chan struct{}         // closed when another took its place
	changed    atomic.Pointer[error] // how the model differs from the one that built the collection; nil: not at all
	compared   atomic.Bool           // it has been compared
	comparing  sync.Mutex            // held by the writer that compares
	suspended  error                 // why the model is not there, and only words answer; nil: it is
	unusable   atomic.Pointer[error] // why the model that answers again can't be used; nil: none does
	lent       bool                  // another generation has the store now and closes it
}

var errOpenEmbedder = errors.New("open embedder")

func (a *App) open(ctx context.Context, c config.Config, openStore opener) (*generation, error) {
	var err error
	if c.Embedder, err = withPreset(c.Embedder); err != nil {
		return nil, err
	}
	adapter, err := openProvider(c)
	var why error // it does not answer
	var held corpus.Pipeline
	if err != nil {
		why = err
		adapter, held, err = suspend(ctx, a.driver, a.log, why)
	}
	if err != nil {
		return nil, fmt.Errorf("%w %s: %w", errOpenEmbedder, c.Embedder.Name, err)
	}
	count, err := countingOf(adapter, c.Embedder.Tokenizer)
	if err != nil {
		return nil, err
	}
	if c.Embedder.Tokenizer != "" {
		adapter = embedder.Counted(adapter, count)
	}
	e := fittedTo(a.wrap(adapter, c.Embedder), count, c.Embedder.QueryPrefix)
	analyzer := lexical.NewAnalyzer()
	lexicon, err := openLexicon(c.Search.Lexicon)
	if err != nil {
		return nil, err
	}
	model := e.Model()
	fits, err := fitTo(c.Index.ChunkTokens, model, count, c.Embedder.PassagePrefix)
	if err != nil {
		return nil, err
	}
	cutter := chunker.New(fits.chunks)
	pipeline := corpus.Pipeline{
		Model: model.Name, ModelRevision: model.Revision, Dimensions: model.Dimensions,
		PassagePrefix: c.Embedder.PassagePrefix, QueryPrefix: c.Embedder.QueryPrefix, Pooling: c.Embedder.Pooling,
		QueryParameters: string(c.Embedder.QueryParameters), PassageParameters: string(c.Embedder.PassageParameters),
		Analyzer: analyzer.Name(), Chunker: cutter.Name(),
	}
	if why != nil {
		pipeline.Chunker = held.Chunker // which depends on the limit that only the model tells
	}
	expander := lexical.NewExpander(analyzer, lexicon, lexical.ExpandOptions{})
	g := &generation{embedder: e, pipeline: pipeline, superseded: make(chan struct{}), suspended: why}
	rerank, err := openReranker(c, adapter, func(word string) float64 {
		v, err := g.store.Vocabulary(context.Background()) // in memory, never a call
		if err != nil {
			return 1
		}
		return expander.Rarity(word, v)
	})
	if err != nil {
		return nil, fmt.Errorf("open the reranker: %w", err)
	}
	ranker, err := openRanker(c.Search.Ranker)
	if err != nil {
		return nil, err
	}
	external, err := a.openExternal(c.Search)
	if err != nil {
		return nil, err
	}
	opened, err := openStore(a.driver, ctx, pipeline)
	if err != nil {
		return nil, fmt.Errorf("open store %s: %w", c.Store.Name, err)
	}
	s := &gated{a.metrics.Store(opened), func(ctx context.Context, w write) error { return a.mayWrite(ctx, g, w) }}
	g.store, g.gate, g.opened = s, s, opened
	g.searcher = searcher.New(searcher.Deps{
		Store: s, Embedder: e, Analyzer: analyzer,
		Expander: expander,
		Reranker: rerank, External: external,
	}, searcher.Options{
		Depth: c.Search.Depth, RerankDepth: c.Search.RerankDepth, ExternalWithin: c.Search.Reranker.Timeout,
		RequireAllArms: c.Search.RequireAllArms, Ranker: ranker,
	})
	g.indexDeps = indexer.Deps{
		Parser: parser.New(parser.Options{}), Chunker: cutter, Analyzer: analyzer, Store: s, Pipeline: pipeline,
		Embedder: e,
	}
	g.indexOptions = indexer.Options{
		Workers: c.Index.Workers, AverageLength: c.Index.AverageLength, Linger: linger, ProbeTexts: probeTexts, Title: fits.title,
	}
	if why == nil {
		if err := a.verify(ctx, g); err != nil {
			a.notCompared(ctx, err)
		}
	}
	return g, nil
}

// collection is its name in the store: the pipeline's fingerprint where the store
// gives none, and "" where the first document has yet to make it.
func (g *generation) collection() string {
	if named, ok := g.opened.(store.Named); ok {
		return named.Collection()
	}
	return g.pipeline.Fingerprint()
}

// encoder measures and weighs passages as the collection's own does.
func (g *generation) encoder(averageLength float64) *lexical.Encoder {
	return lexical.NewEncoder(g.indexDeps.Analyzer, averageLength)
}

// linger is how long a document of a stream waits for others to share its
// batch.
const linger = 5 * time.Millisecond

// wrap composes the wrappers, inside out: each answer is checked, calls are
// counted, stopped while the provider is down, held within its limits, tried
// again, cut to what it takes, sent together with what waits, shared by equal
// queries, and remembered.
func (a *App) wrap(adapter embedder.Embedder, c config.Embedder) embedder.Embedder {
	e := embedder.Checked(adapter)
	e = a.metrics.Embedder(e)
	e = embedder.Circuit(e, embedder.CircuitOptions{})
	pace := embedder.NewPace(embedder.PaceOptions{Tokens: c.BatchTokens})
	remote := embedder.IsRemote(e) // in this process nothing is won by what follows
	if remote {
		e = pace.Measured(e)
		e = embedder.Limited(e, embedder.LimitOptions{Requests: c.Requests, Tokens: c.Tokens})
	}
	e = embedder.Retried(e, embedder.RetryOptions{})
	if remote {
		e = pace.Cut(e)
		e = embedder.Grouped(e, embedder.GroupOptions{})
	}
	e = embedder.Coalesced(e)
	if bytes := c.CacheBytes; bytes > 0 {
		e = embedder.Cached(e, embedder.CacheOptions{Bytes: bytes, Seen: a.metrics.CacheSeen})
	}
	return e
}

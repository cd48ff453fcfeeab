// Package indexer is the write path: it parses raw bytes to documents, cuts
// documents into chunks, makes points from chunks, and writes whole documents to
// the store. Start with [New] and [Indexer.Run]; [Walk] finds files to index.
package indexer

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"time"

	"dalil/chunker"
	"dalil/corpus"
	"dalil/embedder"
	"dalil/fair"
	"dalil/lexical"
	"dalil/parser"
	"dalil/store"
)

// Deps has what an Indexer needs. The Pipeline must be the one that the store was
// opened for.
type Deps struct {
	Parser   *parser.Parser
	Chunker  *chunker.Chunker
	Analyzer *lexical.Analyzer
	Embedder embedder.Embedder
	Store    store.Store
	Pipeline corpus.Pipeline
	Turns    *fair.Turns // limit CPU-bound work while questions are asked; nil: nothing does
}

// Options has the settings of an Indexer. The zero value works.
type Options struct {
	Workers int // number of parsers, and of batches that are embedded at the same time; 0: one per CPU
	Batch   int // number of chunks to embed, and of documents to write, in one call; 0: 256
	// AverageLength is the mean passage length in terms that BM25 assumes, fixed
	// when the collection is created; 0: lexical.DefaultAverageLength. It is not
	// measured on the first documents, so that the same documents give the same
	// index in any order.
	AverageLength float64
	// Linger is how long a document waits for further documents of its batch; 0:
	// until the batch is full or the input ends.
	Linger time.Duration
	// Unique makes a document fail if an earlier one of the run has the same id.
	// Otherwise the later document replaces the earlier one.
	Unique bool
	// Title shortens the title that is embedded before each passage; nil: it is not shortened.
	Title func(title string) string
	// Keys says that the ids of documents are keys (see corpus.TenantKey), because the
	// store is bound to no caller.
	Keys bool
	// Force also writes documents that have not changed.
	Force bool
	// DryRun reports what would be written, and writes nothing.
	DryRun bool
	// ProbeTexts are embedded when the collection is created, to detect later
	// whether the model behind a name has changed.
	ProbeTexts []string
}

// Indexer writes documents. It is safe for concurrent use.
type Indexer struct {
	deps     Deps
	options  Options
	pipeline string // the end of all fingerprints
}

// New returns an Indexer that writes to deps.Store.
func New(deps Deps, options Options) *Indexer {
	if options.Workers <= 0 {
		options.Workers = runtime.GOMAXPROCS(0)
	}
	if options.Batch <= 0 {
		options.Batch = 256
	}
	if options.AverageLength <= 0 {
		options.AverageLength = lexical.DefaultAverageLength
	}
	return &Indexer{deps: deps, options: options, pipeline: store.Fingerprint("", deps.Pipeline)}
}

// Report is called with the receipt of the i-th document of a run. There is one
// receipt for every document, in any order. Calls do not overlap.
type Report func(i int, receipt corpus.Receipt)

// Run indexes the documents that arrive on raws until it is closed. A bad document
// fails alone. Run itself fails only if the store cannot be read or ctx ends; then
// documents without a receipt may or may not have been written. Documents with the
// same id are written in the order of their arrival.
func (x *Indexer) Run(ctx context.Context, raws <-chan corpus.Raw, report Report) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	w := &writer{Indexer: x, report: report, sources: newSources()}
	encoder, err := x.encoder(ctx)
	if err != nil {
		return err
	}
	w.encoder = encoder
	w.consume(ctx, x.prepareAll(ctx, raws))
	return context.Cause(ctx)
}

// encoder returns the encoder with the collection's settings, or nil if there is no
// collection yet.
func (x *Indexer) encoder(ctx context.Context) (*lexical.Encoder, error) {
	settings, err := x.deps.Store.Settings(ctx)
	if errors.Is(err, corpus.ErrNotReady) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the collection's settings: %w", err)
	}
	return lexical.NewEncoder(x.deps.Analyzer, settings.AverageLength), nil
}

// probeError is the error of an embedder that cannot embed texts that every model can read.
type probeError struct{ error }

func (e *probeError) Unwrap() error { return e.error }

// Hopeless reports whether every later document would fail with the same error,
// because the embedder cannot work with its settings.
func Hopeless(err error) bool {
	var probe *probeError
	return embedder.Lasting(err) || errors.As(err, &probe) && errors.Is(err, corpus.ErrInvalid)
}

// create sets the collection's settings before its first document, and returns the
// encoder for all documents.
func (x *Indexer) create(ctx context.Context) (*lexical.Encoder, error) {
	probes, err := x.deps.Embedder.Embed(ctx, embedder.Passage, x.options.ProbeTexts)
	if err != nil {
		return nil, &probeError{fmt.Errorf("embed the first texts: %w", err)}
	}
	settings, err := x.deps.Store.Create(ctx, store.Settings{
		Pipeline: x.deps.Pipeline, AverageLength: x.options.AverageLength, Probes: probes.Vectors, CreatedAt: time.Now().UTC(),
	})
	if err != nil {
		return nil, fmt.Errorf("create the collection: %w", err)
	}
	return lexical.NewEncoder(x.deps.Analyzer, settings.AverageLength), nil
}

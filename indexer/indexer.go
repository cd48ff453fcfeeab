// Package indexer is the write path: raw bytes become documents, documents
// become chunks, chunks become points, and whole documents are put into the
// store. Start with [New] and [Indexer.Run]; [Walk] finds files to feed it.
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
	"dalil/lexical"
	"dalil/parser"
	"dalil/store"
)

// Deps are what an Indexer works with. The Pipeline must be the one that the
// store was opened for.
type Deps struct {
	Parser   *parser.Parser
	Chunker  *chunker.Chunker
	Analyzer *lexical.Analyzer
	Embedder embedder.Embedder
	Store    store.Store
	Pipeline corpus.Pipeline
	Turns    *Turns // nil: work runs on all processors
}

// Options tune an Indexer; the zero value works.
type Options struct {
	Workers int // parsers, and batches under way at once; 0: one per CPU
	Batch   int // chunks embedded and documents put in one go; 0: 256
	// AverageLength is BM25's mean passage length in terms, fixed when the
	// collection is created; 0: lexical.DefaultAverageLength. It is never measured
	// on what arrives first, so that the same documents give the same index in any
	// order and at any pace.
	AverageLength float64
	// Linger is how long a document waits for others to share its batch; 0:
	// until the batch is full or the input ends.
	Linger time.Duration
	// Unique fails a document whose id another one of the run has; otherwise
	// the later one replaces the earlier.
	Unique bool
	// Title is what of a title is embedded before each passage; nil: all of it.
	Title func(title string) string
	// Force writes documents that have not changed too.
	Force bool
	// DryRun reports what would be done, and writes nothing.
	DryRun bool
	// ProbeTexts are embedded when the collection is created, to notice later
	// that the model behind a name has changed.
	ProbeTexts []string
}

// Indexer writes documents. It is safe for concurrent use.
type Indexer struct {
	deps    Deps
	options Options
}

// New returns an Indexer that writes into deps.Store.
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
	return &Indexer{deps, options}
}

// Report takes the receipt of the i-th document of a run. Receipts come in no
// particular order, one for every document; calls never overlap.
type Report func(i int, receipt corpus.Receipt)

// Run indexes all that arrives on raws until it is closed. A bad document
// fails alone; Run itself fails only when the store can't be asked or ctx
// ends, and then documents without a receipt may or may not have been written.
// Documents with one id are written in the order of their arrival.
func (x *Indexer) Run(ctx context.Context, raws <-chan corpus.Raw, report Report) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	w := &writer{Indexer: x, report: report, sources: map[string]string{}}
	encoder, err := x.encoder(ctx)
	if err != nil {
		return err
	}
	w.encoder = encoder
	w.consume(ctx, x.prepareAll(ctx, raws))
	return context.Cause(ctx)
}

// encoder returns the encoder of the collection's settings; nil where there is
// no collection yet.
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

// probeError is an embedder that does not read texts that every model reads.
type probeError struct{ error }

func (e *probeError) Unwrap() error { return e.error }

// Hopeless reports whether every later document would fail as one did: the
// embedder cannot be used as it is configured.
func Hopeless(err error) bool {
	var probe *probeError
	return embedder.Lasting(err) || errors.As(err, &probe) && errors.Is(err, corpus.ErrInvalid)
}

// create fixes the collection's settings before its first document, and returns
// the encoder that all documents share.
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

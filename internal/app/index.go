package app

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"iter"
	"path/filepath"
	"time"

	"golang.org/x/sync/errgroup"

	"dalil/corpus"
	"dalil/indexer"
)

// IndexRequest says what to index.
type IndexRequest struct {
	Paths   []string
	Exclude []string  // patterns as in .dalilignore
	Stdin   io.Reader // read where a path is "-"
	Prune   bool      // delete what is gone under the paths
	Prefix  string    // is put before every id
	Replace bool      // replace documents that are held from another root
	// Of and Part leave the documents to Of indexers that know nothing of each
	// other; this one takes the Part-th share, from 1. Of 0: all.
	Part, Of int
	DryRun   bool
	// Patience is how long nothing may be written, while documents fail because
	// the store or the embedder is down, before the run ends; 0: endless.
	Patience time.Duration
}

// Summary counts what became of a run.
type Summary struct {
	Indexed   int              `json:"indexed"`
	Unchanged int              `json:"unchanged"`
	Failed    int              `json:"failed"`
	Deleted   int              `json:"deleted"`
	Chunks    int              `json:"chunks"`
	Tokens    int              `json:"tokens"`
	Cut       int              `json:"cut"`
	Warned    int              `json:"warned"` // documents with warnings
	Elapsed   time.Duration    `json:"-"`
	Failures  []corpus.Receipt `json:"-"`
	Missing   []Damage         `json:"-"` // what a rebuild that salvages could not read
	Warnings  []corpus.Receipt `json:"-"` // of the documents with warnings, at most maxWarnings of them
	Receipts  int              `json:"-"` // of all documents
	Stopped   error            `json:"-"` // why the run ended before its input did; nil: it did not

	seen map[string]bool
}

// maxWarnings bounds the receipts with warnings that a summary keeps.
const maxWarnings = 1000

func (s *Summary) add(r corpus.Receipt) {
	s.Receipts++
	switch r.Outcome {
	case corpus.Indexed:
		s.Indexed++
	case corpus.Unchanged:
		s.Unchanged++
	case corpus.Deleted:
		s.Deleted++
	case corpus.Failed:
		s.Failed++
		s.Failures = append(s.Failures, r)
	}
	if len(r.Warnings) > 0 {
		if s.Warned++; len(s.Warnings) < maxWarnings {
			s.Warnings = append(s.Warnings, r)
		}
	}
	s.Chunks += r.Chunks
	s.Tokens += r.Tokens
	s.Cut += r.Cut
	if r.DocumentID != "" && r.Outcome != corpus.Deleted {
		s.seen[r.DocumentID] = true
	}
}

// Index walks the paths and writes what it finds. progress sees every receipt.
func (a *App) Index(ctx context.Context, request IndexRequest, progress func(corpus.Receipt)) (Summary, error) {
	g, err := a.generation.pin()
	if err != nil {
		return Summary{}, err
	}
	defer g.release()
	if err := a.mayWrite(ctx, g, putting); err != nil {
		return Summary{}, err
	}
	options := g.indexOptions
	options.Unique, options.DryRun, options.Linger = true, request.DryRun, 0
	wait := &patience{limit: request.Patience}
	deps := g.indexDeps
	deps.Store, deps.Embedder = patientStore{deps.Store, wait}, patientEmbedder{deps.Embedder, wait}
	x := indexer.New(deps, options)
	return run(ctx, request, wait, progress,
		func(ctx context.Context, raws <-chan corpus.Raw, report func(corpus.Receipt)) error {
			return x.Run(ctx, raws, func(_ int, r corpus.Receipt) {
				a.metrics.Receipt(ctx, r)
				report(r)
			})
		},
		x.Prune)
}

// run is the part of indexing that a local and a remote run share: walking,
// counting, and pruning only after a walk that reached everything.
func run(
	ctx context.Context, request IndexRequest, wait *patience, progress func(corpus.Receipt),
	write func(context.Context, <-chan corpus.Raw, func(corpus.Receipt)) error,
	prune func(ctx context.Context, paths []string, prefix string, seen map[string]bool) ([]string, error),
) (Summary, error) {
	start := time.Now()
	summary := Summary{seen: map[string]bool{}}
	if err := checkPaths(request); err != nil {
		return summary, err
	}
	walk, stop := context.WithCancel(ctx)
	defer stop()
	told := func(r corpus.Receipt) {
		if r.Outcome == corpus.Failed && indexer.Hopeless(r.Err) { // said once, and not once for each document
			if summary.Stopped == nil {
				summary.Stopped = fmt.Errorf("stopped, as no document can be written with these settings: %w", r.Err)
				stop()
			}
			return
		}
		summary.add(r)
		progress(r)
		if wait.over(r) && summary.Stopped == nil {
			summary.Stopped = wait.stopped(r)
			stop()
		}
	}
	found, err := feed(ctx, walk, request, write, told)
	if err != nil {
		summary.Elapsed = time.Since(start)
		return summary, err
	}
	if request.Prune && summary.Stopped == nil {
		if err := mayPrune(request, summary, found); err != nil {
			return summary, err
		}
		gone, err := prune(ctx, request.Paths, request.Prefix, summary.seen)
		if err != nil {
			return summary, err
		}
		for _, id := range gone {
			told(corpus.Receipt{DocumentID: id, Outcome: corpus.Deleted})
		}
	}
	summary.Elapsed = time.Since(start)
	return summary, nil
}

// mine reports whether a document is in the part-th of so many shares: its key is
// a hash of its id, the same everywhere.
func mine(id string, part, of int) bool {
	if of == 0 {
		return true
	}
	key := corpus.DocumentKey(id)
	return binary.BigEndian.Uint64(key[:])%uint64(of) == uint64(part-1)
}

func checkPaths(request IndexRequest) error {
	if request.Of != 0 && (request.Part < 1 || request.Part > request.Of) {
		return fmt.Errorf("--partition: must be 1/%d to %d/%d, is %d/%d", request.Of, request.Of, request.Of, request.Part, request.Of)
	}
	if request.Of != 0 && request.Prune {
		return errors.New("--partition and --prune exclude each other: what the others index would be taken for gone")
	}
	if len(request.Paths) == 0 {
		return errors.New("no PATH was given")
	}
	return indexer.Check(request.Paths, request.Exclude)
}

// feed sends the documents of the walk to write, and the walk's own failures
// straight to told, all from one goroutine at a time. When walk ends, what was
// sent is still written; when write fails, the walk ends, whatever it waits for.
// It returns how many documents each path gave.
func feed(
	ctx, walk context.Context, request IndexRequest,
	write func(context.Context, <-chan corpus.Raw, func(corpus.Receipt)) error, told func(corpus.Receipt),
) (map[string]int, error) {
	group, ctx := errgroup.WithContext(ctx)
	walk, stop := context.WithCancelCause(walk)
	defer stop(nil)
	defer context.AfterFunc(ctx, func() { stop(context.Cause(ctx)) })()
	w := &walking{request: request, raws: make(chan corpus.Raw), receipts: make(chan corpus.Receipt), found: map[string]int{}}
	group.Go(func() error { w.run(walk); return nil })
	group.Go(func() error { return write(ctx, w.raws, func(r corpus.Receipt) { w.receipts <- r }) })
	ended := make(chan error, 1)
	go func() {
		ended <- group.Wait()
		close(w.receipts)
	}()
	for r := range w.receipts {
		told(r)
	}
	return w.found, <-ended
}

// walking is the walk of a run on its way to a writer.
type walking struct {
	request  IndexRequest
	raws     chan corpus.Raw
	receipts chan corpus.Receipt
	found    map[string]int // documents by path
}

func (w *walking) run(ctx context.Context) {
	defer close(w.raws)
	for _, path := range w.request.Paths {
		for raw, err := range walkOne(ctx, path, w.request) {
			if ctx.Err() != nil {
				return
			}
			if err != nil {
				r := corpus.Receipt{DocumentID: raw.Document.ID, Source: raw.Document.Source, Outcome: corpus.Failed, Err: err}
				if !send(ctx, w.receipts, r) {
					return
				}
				continue
			}
			if !mine(raw.Document.ID, w.request.Part, w.request.Of) {
				continue
			}
			w.found[path]++
			if !send(ctx, w.raws, raw) {
				return
			}
		}
	}
}

func send[T any](ctx context.Context, to chan<- T, v T) bool {
	select {
	case to <- v:
		return true
	case <-ctx.Done():
		return false
	}
}

func walkOne(ctx context.Context, path string, request IndexRequest) iter.Seq2[corpus.Raw, error] {
	return indexer.Walk(ctx, []string{path}, indexer.WalkOptions{
		Exclude: request.Exclude, Stdin: request.Stdin, Prefix: request.Prefix, Replace: request.Replace,
	})
}

// mayPrune refuses to delete after a walk that may have missed documents.
func mayPrune(request IndexRequest, summary Summary, found map[string]int) error {
	for _, path := range request.Paths {
		if found[path] == 0 {
			return fmt.Errorf("not pruned: %s holds no documents; is it the right folder?", filepath.Clean(path))
		}
	}
	for _, f := range summary.Failures {
		if f.DocumentID == "" {
			return fmt.Errorf("not pruned: %s could not be read, so what it holds is not known", f.Source)
		}
	}
	return nil
}

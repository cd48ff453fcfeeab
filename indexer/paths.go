package indexer

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
)

// Request says what to index.
type Request struct {
	Paths   []string
	Exclude []string  // patterns as in .dalilignore
	Stdin   io.Reader // read where a path is "-"
	Prune   bool      // delete what is gone under the paths
	Prefix  string    // is put before every id
	Replace bool      // replace documents that are held from another root
	// Of and Part divide the documents between Of independent indexers. This one
	// takes partition Part, counted from 1. Of 0: all documents.
	Part, Of int
	DryRun   bool
	// RetryFor is how long nothing may be written, while documents fail because
	// the store or the embedder is down, before the run ends; 0: endless.
	RetryFor time.Duration
}

// Writer takes what a walk of paths finds: an [Indexer], or a server.
type Writer interface {
	// Write writes the documents until raws ends, and reports each.
	Write(ctx context.Context, raws <-chan corpus.Raw, report func(corpus.Receipt)) error
	// Prune deletes what is held from below the paths and was not seen, and returns
	// the ids.
	Prune(ctx context.Context, paths []string, prefix string, seen map[string]bool) ([]string, error)
}

// Index walks the paths and writes what it finds. progress sees every receipt.
// Writes are tried again while the store or the embedder is down.
func Index(ctx context.Context, deps Deps, options Options, request Request, progress func(corpus.Receipt)) (Summary, error) {
	options.Unique, options.DryRun, options.Linger = true, request.DryRun, 0
	wait := &retry{limit: request.RetryFor}
	deps.Store, deps.Embedder = retriedStore{deps.Store, wait}, retriedEmbedder{deps.Embedder, wait}
	return indexInto(ctx, directly{New(deps, options)}, request, wait, progress)
}

// IndexInto is Index for any writer, which does its own tries.
func IndexInto(ctx context.Context, w Writer, request Request, progress func(corpus.Receipt)) (Summary, error) {
	return indexInto(ctx, w, request, &retry{limit: request.RetryFor}, progress)
}

// directly writes into the store.
type directly struct{ *Indexer }

func (d directly) Write(ctx context.Context, raws <-chan corpus.Raw, report func(corpus.Receipt)) error {
	return d.Run(ctx, raws, func(_ int, r corpus.Receipt) { report(r) })
}

// indexInto is the part of indexing that all writers share: walking, counting, and
// pruning only after a walk that reached everything.
func indexInto(ctx context.Context, w Writer, request Request, wait *retry, progress func(corpus.Receipt)) (Summary, error) {
	start := time.Now()
	var summary Summary
	if err := request.Check(); err != nil {
		return summary, err
	}
	walk, stop := context.WithCancel(ctx)
	defer stop()
	report := func(r corpus.Receipt) {
		if r.Outcome == corpus.Failed && Hopeless(r.Err) { // said once, and not once for each document
			if summary.Stopped == nil {
				summary.Stopped = fmt.Errorf("stopped, as no document can be written with these settings: %w", r.Err)
				stop()
			}
			return
		}
		summary.Add(r)
		progress(r)
		if wait.over(r) && summary.Stopped == nil {
			summary.Stopped = wait.stopped(r)
			stop()
		}
	}
	found, err := feed(ctx, walk, request, w.Write, report)
	if err != nil {
		summary.Elapsed = time.Since(start)
		return summary, err
	}
	if request.Prune && summary.Stopped == nil {
		if err := mayPrune(request, summary, found); err != nil {
			return summary, err
		}
		gone, err := w.Prune(ctx, request.Paths, request.Prefix, summary.seen)
		if err != nil {
			return summary, err
		}
		for _, id := range gone {
			report(corpus.Receipt{DocumentID: id, Outcome: corpus.Deleted})
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

// Check refuses a request that cannot be met: no PATH, a PATH that names nothing,
// a malformed pattern, or a partition that is out of range.
func (request Request) Check() error {
	if request.Of != 0 && (request.Part < 1 || request.Part > request.Of) {
		return fmt.Errorf("--partition: must be 1/%d to %d/%d, is %d/%d", request.Of, request.Of, request.Of, request.Part, request.Of)
	}
	if request.Of != 0 && request.Prune {
		return errors.New("--partition cannot be combined with --prune: it would delete the documents of the other partitions")
	}
	if len(request.Paths) == 0 {
		return errors.New("PATH is missing: give a file, a folder, a glob or - for standard input")
	}
	return Check(request.Paths, request.Exclude)
}

// feed sends the documents of the walk to write, and the walk's own failures
// straight to report, all from one goroutine at a time. When walk ends, what was
// sent is still written; when write fails, the walk ends, whatever it waits for.
// It returns how many documents each path gave.
func feed(
	ctx, walk context.Context, request Request,
	write func(context.Context, <-chan corpus.Raw, func(corpus.Receipt)) error, report func(corpus.Receipt),
) (map[string]int, error) {
	group, ctx := errgroup.WithContext(ctx)
	walk, stop := context.WithCancelCause(walk)
	defer stop(nil)
	defer context.AfterFunc(ctx, func() { stop(context.Cause(ctx)) })()
	w := &walking{request: request, raws: make(chan corpus.Raw), receipts: make(chan corpus.Receipt), found: map[string]int{}, sent: map[string]bool{}}
	group.Go(func() error { w.run(walk); return nil })
	group.Go(func() error { return write(ctx, w.raws, func(r corpus.Receipt) { w.receipts <- r }) })
	ended := make(chan error, 1)
	go func() {
		ended <- group.Wait()
		close(w.receipts)
	}()
	for r := range w.receipts {
		report(r)
	}
	return w.found, <-ended
}

// walking is the walk of a run on its way to a writer.
type walking struct {
	request  Request
	raws     chan corpus.Raw
	receipts chan corpus.Receipt
	found    map[string]int // documents by path
	sent     map[string]bool
}

// again reports whether a document of the same file and id was sent for an
// earlier path: paths may overlap.
func (w *walking) again(path string, d corpus.Document) bool {
	if len(w.request.Paths) == 1 || path == StandardInput {
		return false
	}
	source := filepath.FromSlash(d.Source)
	folder, err := filepath.EvalSymlinks(filepath.Dir(source))
	if err != nil {
		return false
	}
	if folder, err = filepath.Abs(folder); err != nil {
		return false
	}
	key := filepath.Join(folder, filepath.Base(source)) + "\x00" + d.ID
	found := w.sent[key]
	w.sent[key] = true
	return found
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
			if w.again(path, raw.Document) {
				continue
			}
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

func walkOne(ctx context.Context, path string, request Request) iter.Seq2[corpus.Raw, error] {
	return Walk(ctx, []string{path}, WalkOptions{
		Exclude: request.Exclude, Stdin: request.Stdin, Prefix: request.Prefix, Replace: request.Replace,
	})
}

// mayPrune refuses to delete after a walk that may have missed documents.
func mayPrune(request Request, summary Summary, found map[string]int) error {
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

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
	Exclude []string         // patterns as in .dalilignore
	Stdin   io.Reader        // read for the path "-"
	Prune   bool             // delete documents below the paths whose files no longer exist
	Prefix  string           // put before every id
	Replace bool             // replace documents that were indexed from another root
	If      corpus.Condition // what must hold for the write of each document
	// Of and Part divide the documents between Of independent indexers. This one
	// indexes partition Part, counted from 1. Of 0: all documents.
	Part, Of int
	DryRun   bool
	// RetryFor is how long writes are retried while the store or the embedder is
	// down. If nothing was written for that long, the run ends. 0: no limit.
	RetryFor time.Duration
}

// Writer writes the documents that a walk finds. It is an [Indexer] or a server.
type Writer interface {
	// Write writes documents until raws is closed, and reports each of them.
	Write(ctx context.Context, raws <-chan corpus.Raw, report func(corpus.Receipt)) error
	// Prune deletes documents that were indexed from below the paths and are not in
	// seen. It returns their ids.
	Prune(ctx context.Context, paths []string, prefix string, seen map[string]bool) ([]string, error)
}

// Index reads the paths and writes their documents. It calls progress with every
// receipt. Writes are retried while the store or the embedder is down.
func Index(ctx context.Context, deps Deps, options Options, request Request, progress func(corpus.Receipt)) (Summary, error) {
	options.Unique, options.DryRun, options.Linger = true, request.DryRun, 0
	wait := &retry{limit: request.RetryFor}
	deps.Store, deps.Embedder = retriedStore{deps.Store, wait}, retriedEmbedder{deps.Embedder, wait}
	return indexInto(ctx, directly{New(deps, options)}, request, wait, progress)
}

// IndexInto indexes like Index, with any writer, which does its own retries.
func IndexInto(ctx context.Context, w Writer, request Request, progress func(corpus.Receipt)) (Summary, error) {
	return indexInto(ctx, w, request, &retry{limit: request.RetryFor}, progress)
}

// directly is the Writer that writes to the store.
type directly struct{ *Indexer }

func (d directly) Write(ctx context.Context, raws <-chan corpus.Raw, report func(corpus.Receipt)) error {
	return d.Run(ctx, raws, func(_ int, r corpus.Receipt) { report(r) })
}

// indexInto is the part of indexing that all writers share: it walks, counts, and
// prunes only after a complete walk.
func indexInto(ctx context.Context, w Writer, request Request, wait *retry, progress func(corpus.Receipt)) (Summary, error) {
	start := time.Now()
	var summary Summary
	if err := request.Check(); err != nil {
		return summary, err
	}
	walk, stop := context.WithCancel(ctx)
	defer stop()
	report := func(r corpus.Receipt) {
		if r.Outcome == corpus.Failed && Hopeless(r.Err) { // reported once, instead of once for each document
			if summary.Stopped == nil {
				summary.Stopped = fmt.Errorf("stopped, because no document can be written with these settings: %w", r.Err)
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

// mine reports whether a document is in a partition. The partition depends on a
// hash of the id, which is the same on all machines.
func mine(id string, part, of int) bool {
	if of == 0 {
		return true
	}
	key := corpus.DocumentKey(id)
	return binary.BigEndian.Uint64(key[:])%uint64(of) == uint64(part-1)
}

// Check returns an error if the request is invalid: no PATH, a PATH that does not
// exist or cannot be pruned, a malformed pattern, or a partition that is out of range.
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
	if request.Prune {
		if err := prunable(request.Paths); err != nil {
			return err
		}
	}
	return Check(request.Paths, request.Exclude)
}

// ahead is how many documents, and receipts, wait to be taken, so that the goroutines
// rarely wait for each other. They are few, because a document may be large.
const ahead = 8

// feed sends the documents of the walk to write, and the walk's own failures
// directly to report. Calls of report do not overlap. When the walk ends, documents
// that were sent are still written. When write fails, the walk ends at once. It
// returns how many documents each path gave.
func feed(
	ctx, walk context.Context, request Request,
	write func(context.Context, <-chan corpus.Raw, func(corpus.Receipt)) error, report func(corpus.Receipt),
) (map[string]int, error) {
	group, ctx := errgroup.WithContext(ctx)
	walk, stop := context.WithCancelCause(walk)
	defer stop(nil)
	defer context.AfterFunc(ctx, func() { stop(context.Cause(ctx)) })()
	w := &walking{request: request, raws: make(chan corpus.Raw, ahead), receipts: make(chan corpus.Receipt, ahead), found: map[string]int{}, sent: map[string]bool{}}
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

// walking passes the documents of a walk to a writer.
type walking struct {
	request  Request
	raws     chan corpus.Raw
	receipts chan corpus.Receipt
	found    map[string]int // number of documents by path
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
		Exclude: request.Exclude, Stdin: request.Stdin, Prefix: request.Prefix, Replace: request.Replace, If: request.If,
	})
}

// mayPrune returns an error if the walk may have missed documents.
func mayPrune(request Request, summary Summary, found map[string]int) error {
	for _, path := range request.Paths {
		if found[path] == 0 {
			return fmt.Errorf("nothing was pruned, because %s has no documents; check that it is the right folder", filepath.Clean(path))
		}
	}
	for _, f := range summary.Failures {
		if f.DocumentID == "" {
			return fmt.Errorf("nothing was pruned, because %s could not be read completely", f.Source)
		}
	}
	return nil
}

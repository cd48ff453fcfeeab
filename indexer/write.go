package indexer

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"dalil/corpus"
	"dalil/embedder"
	"dalil/lexical"
	"dalil/store"
)

// writer collects prepared documents in batches and writes several batches at the same time.
type writer struct {
	*Indexer
	encoder *lexical.Encoder // nil until the collection is created

	mu      sync.Mutex
	report  Report
	sources *sources // with Options.Unique

	flying  inFlight
	working chan struct{} // held while a batch is embedded and analysed
	wg      sync.WaitGroup
}

func (w *writer) send(index int, receipt corpus.Receipt) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.report(index, receipt)
}

// consume collects documents in batches until the channel is closed, and waits for
// the batches in progress. While some batches wait for the store, as many others are
// embedded.
func (w *writer) consume(ctx context.Context, in <-chan *prepared) {
	slots := make(chan struct{}, 2*w.options.Workers)
	w.working = make(chan struct{}, w.options.Workers)
	var batch []*prepared
	held := map[string]bool{} // ids in batch
	chunks := 0
	flush := func() {
		if len(batch) == 0 {
			return
		}
		if err := w.ensureCreated(ctx); err != nil {
			w.failAll(batch, err)
			batch, chunks = nil, 0
			clear(held)
			return
		}
		full := batch
		batch, chunks = nil, 0
		clear(held)
		w.flying.add(full, 1)
		slots <- struct{}{}
		w.wg.Go(func() {
			defer func() { <-slots }()
			defer w.flying.add(full, -1)
			w.write(ctx, full)
		})
	}
	var timer <-chan time.Time
	for in != nil {
		select {
		case p, ok := <-in:
			if !ok {
				in = nil
				break
			}
			if w.refused(p) {
				break
			}
			if held[p.document.ID] || w.flying.has(p.document.ID) {
				flush()
				w.wg.Wait()
			}
			batch = append(batch, p)
			held[p.document.ID] = true
			chunks += len(p.chunks)
			if w.full(len(batch), chunks) {
				flush()
				timer = nil
			} else if w.options.Linger > 0 && timer == nil {
				timer = time.After(w.options.Linger)
			}
		case <-timer:
			flush()
			timer = nil
		}
	}
	flush()
	w.wg.Wait()
}

// full reports whether a batch is large enough to be written.
func (w *writer) full(documents, chunks int) bool {
	return documents >= w.options.Batch || chunks >= w.options.Batch
}

// refused sends the receipt of a document that cannot be written at all.
func (w *writer) refused(p *prepared) bool {
	if p.err == nil && w.options.Unique {
		if first, taken := w.sources.add(p.document.ID, p.document.Source); taken {
			p.err = corpus.DuplicateID(p.document.ID, first, p.document.Source)
		}
	}
	if p.err == nil {
		return false
	}
	w.send(p.index, p.receipt(corpus.Failed))
	return true
}

func (w *writer) ensureCreated(ctx context.Context) (err error) {
	if w.encoder == nil && !w.options.DryRun {
		w.encoder, err = w.create(ctx)
	}
	return err
}

// failAll sends the receipts of documents that were not written. A document that is
// older than the current version is stale, which is no failure.
func (w *writer) failAll(batch []*prepared, err error) {
	outcome := corpus.Failed
	if errors.Is(err, corpus.ErrStale) {
		outcome = corpus.Stale
	}
	for _, p := range batch {
		p.err = err
		w.send(p.index, p.receipt(outcome))
	}
}

// write writes one batch to the store. Unchanged documents are left out; the others
// are embedded and then replaced.
func (w *writer) write(ctx context.Context, batch []*prepared) {
	ids := make([]string, len(batch))
	for i, p := range batch {
		ids[i] = p.document.ID
	}
	held, err := w.deps.Store.Fingerprints(ctx, ids)
	if err != nil {
		w.failAll(batch, fmt.Errorf("read fingerprints: %w", err))
		return
	}
	versions, err := w.versions(ctx, batch)
	if err != nil {
		w.failAll(batch, fmt.Errorf("read source versions: %w", err))
		return
	}
	var changed []*prepared
	for _, p := range w.inPlace(ctx, batch, held) {
		version, versioned := versions[p.document.ID]
		unwanted := p.unwanted(held[p.document.ID], version, versioned)
		same := store.Same(held[p.document.ID], p.fingerprint) && !w.options.Force && !p.moved
		if v := p.document.SourceVersion; unwanted == nil && same && v != nil && (!versioned || *v != version) && !w.options.DryRun {
			if same, unwanted = w.raised(ctx, p); unwanted == nil && !same {
				changed = append(changed, p)
				continue
			}
		}
		switch {
		case unwanted != nil:
			w.failAll([]*prepared{p}, unwanted)
		case same:
			r := p.receipt(corpus.Unchanged)
			r.Revision = cmp.Or(store.EditedRevision(held[p.document.ID]), p.revision)
			w.send(p.index, r)
		case w.options.DryRun:
			r := p.receipt(corpus.Indexed)
			r.Chunks = len(p.chunks)
			w.send(p.index, r)
		default:
			changed = append(changed, p)
		}
	}
	changed = w.within(ctx, changed)
	for len(changed) > 0 {
		n := w.share(changed)
		w.index(ctx, changed[:n])
		changed = changed[n:]
	}
}

// answers reports whether the embedder, which failed for a batch, can embed other
// texts: some fail because of a single text without naming it.
func (w *writer) answers(ctx context.Context, failed error) bool {
	if !errors.Is(failed, corpus.ErrUnavailable) || errors.Is(failed, embedder.ErrCircuitOpen) || ctx.Err() != nil {
		return false
	}
	_, err := w.deps.Embedder.Embed(ctx, embedder.Passage, []string{"a"})
	return err == nil
}

// share returns how many of the documents make one batch for the embedder.
func (w *writer) share(batch []*prepared) int {
	chunks := 0
	for i, p := range batch {
		chunks += len(p.chunks)
		if chunks > w.options.Batch && i > 0 {
			return i
		}
	}
	return len(batch)
}

// index embeds and writes a batch. If one document is the cause of a failure, the
// others continue without it.
func (w *writer) index(ctx context.Context, batch []*prepared) {
	if len(batch) == 0 {
		return
	}
	w.working <- struct{}{}
	done, err := w.embed(ctx, batch)
	<-w.working
	var faulty *documentError
	switch {
	case err == nil:
	case errors.As(err, &faulty):
		rest := append(append([]*prepared(nil), batch[:faulty.index]...), batch[faulty.index+1:]...)
		w.failAll(batch[faulty.index:faulty.index+1], err)
		w.index(ctx, rest)
		return
	case len(batch) > 1 && (errors.Is(err, corpus.ErrInvalid) || w.answers(ctx, err)): // it is not known which document is the cause
		w.index(ctx, batch[:len(batch)/2])
		w.index(ctx, batch[len(batch)/2:])
		return
	default:
		w.failAll(batch, err)
		return
	}
	var failed map[string]error // nil: all were written
	if err := w.deps.Store.Put(ctx, done.entries); err != nil {
		if errors.Is(err, corpus.ErrInvalid) && len(batch) > 1 {
			w.index(ctx, batch[:len(batch)/2])
			w.index(ctx, batch[len(batch)/2:])
			return
		}
		var some *store.PutError
		if !errors.As(err, &some) {
			w.failAll(batch, fmt.Errorf("put: %w", err))
			return
		}
		failed = some.Failed
	}
	for i, p := range batch {
		if err := failed[p.document.ID]; err != nil {
			w.failAll(batch[i:i+1], fmt.Errorf("put: %w", err))
			continue
		}
		r := p.receipt(corpus.Indexed)
		r.Revision, r.Chunks, r.Tokens, r.Cut = p.revision, len(p.chunks), done.tokens[i], done.cut[i]
		w.send(p.index, r)
	}
}

package indexer

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/cenkalti/backoff/v5"

	"dalil/corpus"
	"dalil/embedder"
	"dalil/store"
)

// retry repeats calls while the store or the embedder is down or a disk is full. So
// the input waits instead of failing document by document. If that lasts too long,
// it ends the run.
type retry struct {
	limit time.Duration // 0: no limit

	mu    sync.Mutex
	since time.Time // time of the first failure since the last write; zero: none
}

// worthWaiting reports whether a failure may end by itself.
func worthWaiting(err error) bool {
	var over *corpus.QuotaError
	if errors.As(err, &over) {
		return false
	}
	kind := corpus.KindOf(err)
	return kind == corpus.ErrUnavailable || kind == corpus.ErrExhausted
}

// failed records a failure and reports whether nothing has been written for too long.
func (p *retry) failed() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.since.IsZero() {
		p.since = time.Now()
		return false
	}
	return p.limit > 0 && time.Since(p.since) >= p.limit
}

// succeeded records that a document was written.
func (p *retry) succeeded() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.since = time.Time{}
}

// over records a receipt and reports whether the run must end.
func (p *retry) over(r corpus.Receipt) bool {
	switch {
	case r.Outcome == corpus.Indexed:
		p.succeeded()
	case p.limit <= 0 || r.Outcome != corpus.Failed || !worthWaiting(r.Err):
	default:
		return p.failed()
	}
	return false
}

// wait repeats a call while it fails for a reason that may end by itself.
func (p *retry) wait(ctx context.Context, call func() error) error {
	pause := backoff.NewExponentialBackOff()
	pause.InitialInterval, pause.MaxInterval = 100*time.Millisecond, 3*time.Second
	_, err := backoff.Retry(ctx, func() (struct{}, error) {
		err := call()
		if err != nil && (!worthWaiting(err) || ctx.Err() != nil || p.failed()) {
			return struct{}{}, backoff.Permanent(err)
		}
		return struct{}{}, err
	}, backoff.WithBackOff(pause), backoff.WithMaxElapsedTime(0))
	return err
}

// retriedStore is a store that retries writes and the look-ups before them.
type retriedStore struct {
	store.Store
	retry *retry
}

// Unwrap returns the wrapped store.
func (s retriedStore) Unwrap() store.Store { return s.Store }

// Fingerprints retries while the store is down.
func (s retriedStore) Fingerprints(ctx context.Context, ids []string) (held map[string]string, err error) {
	err = s.retry.wait(ctx, func() error {
		held, err = s.Store.Fingerprints(ctx, ids)
		return err
	})
	return held, err
}

// Create retries while the store is down.
func (s retriedStore) Create(ctx context.Context, settings store.Settings) (held store.Settings, err error) {
	err = s.retry.wait(ctx, func() error {
		held, err = s.Store.Create(ctx, settings)
		return err
	})
	return held, err
}

// Put retries while the store is down or full. It does not send written documents again.
func (s retriedStore) Put(ctx context.Context, entries []store.Entry) error {
	lost := unknown{}
	err := s.retry.wait(ctx, func() error {
		err := s.Store.Put(ctx, entries)
		lost.note(entries, err)
		var some *store.PutError
		if errors.As(err, &some) && worthWaiting(err) {
			entries = slices.DeleteFunc(slices.Clone(entries), func(e store.Entry) bool { return some.Failed[e.Document.ID] == nil })
		}
		return err
	})
	return lost.say(entries, err)
}

// retriedEmbedder is an embedder that retries passages while it is down.
type retriedEmbedder struct {
	embedder.Embedder
	retry *retry
}

// Unwrap returns the wrapped embedder.
func (e retriedEmbedder) Unwrap() embedder.Embedder { return e.Embedder }

// Embed retries while the embedder is down. If the embedder answers other texts, it
// is not down, and these texts are the cause.
func (e retriedEmbedder) Embed(ctx context.Context, role embedder.Role, texts []string) (got embedder.Embeddings, err error) {
	if role != embedder.Passage {
		return e.Embedder.Embed(ctx, role, texts)
	}
	err = e.retry.wait(ctx, func() error {
		got, err = e.Embedder.Embed(ctx, role, texts)
		if !worthWaiting(err) || errors.Is(err, embedder.ErrCircuitOpen) {
			return err
		}
		if _, down := e.Embedder.Embed(ctx, role, []string{"a"}); down == nil {
			return backoff.Permanent(err)
		}
		return err
	})
	return got, err
}

// stopped is the error of a run that ended before its input did.
func (p *retry) stopped(last corpus.Receipt) error {
	return fmt.Errorf("stopped, because nothing could be written for %v (%w); "+
		"the other documents were not sent: run the same command again; it sends only the missing documents", p.limit, last.Err)
}

package doctor

import (
	"context"
	"errors"
	"time"

	"dalil/corpus"
	"dalil/store"
)

// Index is a collection that is open for reading.
type Index struct {
	Store      store.Store // as the adapter opened it, with all its abilities
	Collection string
	Changed    error // how the model differs from the one that built the collection; nil: not at all
	// Terms counts the terms of a passage as the collection's BM25 does.
	Terms func(title, text string) int
	Close func() error
}

// ErrEmbedder is the error of an index that is not opened because its model does
// not answer.
var ErrEmbedder = errors.New("the embedder is not open")

// opens opens the collection that answers.
func opens(ctx context.Context, x *examination) {
	const check = "store"
	index, err := x.Open(ctx)
	_, repairable := x.Driver.(store.Repairer)
	switch {
	case errors.Is(err, corpus.ErrNotReady):
		x.warn(check, "dalil index PATH", "%v", err)
		return
	case errors.Is(err, corpus.ErrLocked):
		x.warn(check, "stop the server, then run dalil doctor again; or ask the server: dalil health", "%v", err)
		return
	case errors.Is(err, corpus.ErrModelMismatch):
		x.fail(check, "configure the pipeline that built the collection, or build a new one: dalil index --rebuild", err)
		return
	case errors.Is(err, ErrEmbedder):
		x.warn(check, "repair the embedder first", "not examined: its model does not answer")
		return
	case repairable && (errors.Is(err, corpus.ErrCorrupt) || errors.Is(err, corpus.ErrMissing)):
		x.fail(check, "dalil doctor --repair lists what the data folder holds; dalil restore brings back a backup", err)
		return
	case repairable && errors.Is(err, corpus.ErrUnsupported):
		x.fail(check, "use the version of Dalil that wrote the data folder, or a newer one", err)
		return
	case err != nil:
		x.fail(check, storeAdvice(err), err)
		return
	}
	x.closers = append(x.closers, index.Close)
	if index.Changed != nil {
		x.fail("model", "restore the model and its prefixes, or build a new collection: dalil index --rebuild", index.Changed)
	}
	if err := index.Store.Ready(ctx); err != nil {
		x.fail(check, storeAdvice(err), err)
		return
	}
	x.settings, err = index.Store.Settings(ctx)
	if errors.Is(err, corpus.ErrNotReady) {
		x.warn(check, "dalil index PATH", "%s is open and empty", x.StoreName)
		return
	}
	if err != nil {
		x.fail(check, "", err)
		return
	}
	stats, err := index.Store.Stats(ctx)
	if err != nil {
		x.fail(check, "see the store's own log", err)
		return
	}
	x.ok(check, "%s, collection %s: %d documents, %d passages", x.StoreName, index.Collection, stats.Documents, stats.Passages)
	x.index, x.written = index, stats.UpdatedAt
}

// clock checks whether a write is in the future.
func clock(_ context.Context, x *examination) {
	const check = "clock"
	if x.index == nil {
		return
	}
	if ahead := time.Until(x.written); ahead > 5*time.Second {
		x.warn(check, "set the clocks of this machine and of those that write; newer writes win by their time", "the newest write is %v in the future", ahead.Round(time.Second))
		return
	}
	x.ok(check, "no write is in the future")
}

// storeAdvice says what to do about a store that can't be opened or is not ready.
func storeAdvice(err error) string {
	switch corpus.KindOf(err) {
	case corpus.ErrUnavailable:
		return "see that the store runs at store.address, and that store.tls is as the server's"
	case corpus.ErrDenied:
		return "give the key that the server asks for: store.key"
	case corpus.ErrMissing:
		return "let the alias point to a collection again: dalil reindex status, dalil reindex activate NAME"
	case corpus.ErrUnsupported:
		return "upgrade Qdrant, one minor version at a time"
	case corpus.ErrModelMismatch:
		return "configure the pipeline that built the collection, or build a new one: dalil index --rebuild"
	case corpus.ErrRefusedState:
		return "do as the error says"
	case corpus.ErrExhausted:
		return "free some space: drop old collections with dalil reindex drop, or enlarge the disk"
	}
	return "see the keys below store in \"dalil config\", and the store's own log"
}

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
	Store      store.Store // without wrappers, with all its abilities
	Collection string
	Changed    error // how the model differs from the one that built the collection; nil: it does not
	// Terms counts the terms of a passage as the collection's BM25 does.
	Terms func(title, text string) int
	Close func() error
}

// ErrEmbedder is the error of an index that was not opened because its model does
// not answer.
var ErrEmbedder = errors.New("the embedder is not open")

// opens opens the active collection.
func opens(ctx context.Context, x *examination) {
	const check = "store"
	index, err := x.Open(ctx)
	_, repairable := x.Driver.(store.Repairer)
	switch {
	case errors.Is(err, corpus.ErrNotReady):
		x.warn(check, "dalil index PATH", "%v", err)
		return
	case errors.Is(err, corpus.ErrLocked):
		x.warn(check, "stop the server and run \"dalil doctor\" again, or check the server with \"dalil health\"", "%v", err)
		return
	case errors.Is(err, corpus.ErrModelMismatch):
		x.fail(check, "configure the pipeline that built the collection, or build a new collection with \"dalil index --rebuild\"", err)
		return
	case errors.Is(err, ErrEmbedder):
		x.warn(check, "fix the embedder first", "not checked, because its model does not answer")
		return
	case repairable && (errors.Is(err, corpus.ErrCorrupt) || errors.Is(err, corpus.ErrMissing)):
		x.fail(check, "\"dalil doctor --repair\" lists the collections of the data folder; \"dalil restore\" restores a backup", err)
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
		x.fail("model", "restore the model and its prefixes, or build a new collection with \"dalil index --rebuild\"", index.Changed)
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
		x.fail(check, "see the log of the store's server", err)
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
		x.warn(check, "set the clocks of this machine and of the machines that write; the order of writes depends on them", "the newest write is %v in the future", ahead.Round(time.Second))
		return
	}
	x.ok(check, "no write is in the future")
}

// storeAdvice returns what to do about a store that cannot be opened or is not ready.
func storeAdvice(err error) string {
	switch corpus.KindOf(err) {
	case corpus.ErrUnavailable:
		return "check that the store runs at store.address, and that store.tls is right for that server"
	case corpus.ErrDenied:
		return "set store.key to the key of the server"
	case corpus.ErrMissing:
		return "point the alias to a collection again: \"dalil reindex status\" lists the collections, \"dalil reindex activate NAME\" activates one"
	case corpus.ErrUnsupported:
		return "upgrade Qdrant, one minor version at a time"
	case corpus.ErrModelMismatch:
		return "configure the pipeline that built the collection, or build a new collection with \"dalil index --rebuild\""
	case corpus.ErrRefusedState:
		return "follow the advice in the error"
	case corpus.ErrExhausted:
		return "free some space: drop old collections with \"dalil reindex drop\", or enlarge the disk"
	}
	return "check the keys below store in \"dalil config\", and the log of the store's server"
}

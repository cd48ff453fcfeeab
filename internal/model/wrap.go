package model

import (
	"dalil/embedder"
	"dalil/internal/config"
	"dalil/internal/observe"
)

// wrap composes the wrappers, inside out: each answer is checked, calls are
// counted, stopped while the provider is down, held within its limits, tried
// again, cut to what it takes, sent together with what waits, shared by equal
// queries, and remembered.
func wrap(adapter embedder.Embedder, c config.Embedder, metrics *observe.Metrics) embedder.Embedder {
	e := embedder.Checked(adapter)
	e = metrics.Embedder(e)
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
		e = embedder.Cached(e, embedder.CacheOptions{Bytes: bytes, Seen: metrics.CacheSeen})
	}
	return e
}

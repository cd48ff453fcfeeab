package model

import (
	"dalil/embedder"
	"dalil/internal/config"
	"dalil/internal/observe"
)

// wrap adds the wrappers, from the inside outwards: checks, metrics, circuit
// breaker, rate limit, retry, batches, grouping of waiting questions, sharing of
// equal questions, cache. A model in this process does not fail, and its answer takes less
// time than most of them.
func wrap(adapter embedder.Embedder, c config.Embedder, metrics *observe.Metrics) embedder.Embedder {
	e := embedder.Checked(adapter)
	e = metrics.Embedder(e)
	if embedder.IsRemote(e) {
		e = embedder.Circuit(e, embedder.CircuitOptions{})
		pace := embedder.NewPace(embedder.PaceOptions{Tokens: c.BatchTokens})
		e = pace.Measured(e)
		e = embedder.Limited(e, embedder.LimitOptions{Requests: c.Requests, Tokens: c.Tokens})
		e = embedder.Retried(e, embedder.RetryOptions{})
		e = pace.Cut(e)
		e = embedder.Grouped(e, embedder.GroupOptions{})
		e = embedder.Coalesced(e)
	}
	if bytes := c.CacheBytes; bytes > 0 {
		e = embedder.Cached(e, embedder.CacheOptions{Bytes: bytes, Seen: metrics.CacheSeen})
	}
	return e
}

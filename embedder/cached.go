package embedder

import (
	"context"
	"slices"

	"github.com/maypok86/otter/v2"

	"dalil/corpus"
)

// CacheOptions has the settings of the query cache.
type CacheOptions struct {
	Bytes int            // of texts and vectors; 0: 16 MiB
	Seen  func(hit bool) // called once for each query text; nil: not called
}

// Cached caches the vectors of queries, because many people ask the same questions.
// Passages are not cached, because each is embedded only once. The key contains the
// model, so the cache never returns a vector of another model, and the caller's tenant,
// because the time of an answer would tell one tenant what another one has asked.
func Cached(e Embedder, options CacheOptions) Embedder {
	if options.Bytes <= 0 {
		options.Bytes = 16 << 20
	}
	if options.Seen == nil {
		options.Seen = func(bool) {}
	}
	cache := otter.Must(&otter.Options[cacheKey, corpus.Vector]{
		MaximumWeight: uint64(options.Bytes),
		Weigher:       func(k cacheKey, v corpus.Vector) uint32 { return uint32(len(k.tenant) + len(k.text) + 4*len(v) + 112) },
		Executor:      func(work func()) { work() }, // it takes less time than waking a goroutine
	})
	return &cached{e, cache, options.Seen}
}

type cacheKey struct {
	model  Model
	tenant string
	text   string
}

// tenantOf returns the tenant that a call is about.
func tenantOf(ctx context.Context) string {
	p, _ := corpus.PrincipalOf(ctx)
	return p.Tenant
}

type cached struct {
	Embedder
	cache *otter.Cache[cacheKey, corpus.Vector]
	seen  func(hit bool)
}

func (c *cached) Unwrap() Embedder { return c.Embedder }

func (c *cached) Embed(ctx context.Context, role Role, texts []string) (Embeddings, error) {
	if role != Query {
		return c.Embedder.Embed(ctx, role, texts)
	}
	if err := ctx.Err(); err != nil {
		return Embeddings{}, err
	}
	model, tenant := c.Model(), tenantOf(ctx)
	vectors := make([]corpus.Vector, len(texts))
	var missing []string
	var places []int
	for i, text := range texts {
		v, hit := c.cache.GetIfPresent(cacheKey{model, tenant, text})
		c.seen(hit)
		if hit {
			vectors[i] = slices.Clone(v)
			continue
		}
		missing, places = append(missing, text), append(places, i)
	}
	if len(missing) == 0 {
		return Embeddings{Vectors: vectors}, nil
	}
	answer, err := c.Embedder.Embed(ctx, role, missing)
	if err != nil {
		return Embeddings{}, replaced(err, places)
	}
	cut := make([]int, len(answer.Cut))
	for i, at := range answer.Cut {
		cut[i] = places[at]
	}
	for i, v := range answer.Vectors {
		vectors[places[i]] = v
		if !slices.Contains(answer.Cut, i) { // a cut text must be reported every time
			c.cache.Set(cacheKey{model, tenant, missing[i]}, slices.Clone(v))
		}
	}
	return Embeddings{Vectors: vectors, Tokens: answer.Tokens, Cut: cut}, nil
}

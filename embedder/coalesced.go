package embedder

import (
	"context"
	"slices"
	"strings"

	"golang.org/x/sync/singleflight"
)

// Coalesced makes callers of one tenant that embed the same query at the same time share one
// call. The shared call continues if one caller cancels: it has the values of that
// caller's context, but not its cancellation. The adapter's own timeout or [Close]
// ends it. Each caller still returns at its own deadline.
func Coalesced(e Embedder) Embedder {
	return &coalesced{Embedder: e, background: newBackground()}
}

type coalesced struct {
	Embedder
	*background
	group singleflight.Group
}

func (c *coalesced) Unwrap() Embedder { return c.Embedder }

func (c *coalesced) Embed(ctx context.Context, role Role, texts []string) (Embeddings, error) {
	if role != Query || len(texts) != 1 {
		return c.Embedder.Embed(ctx, role, texts)
	}
	if err := ctx.Err(); err != nil {
		return Embeddings{}, err
	}
	// The key is kept longer than this call, and the caller's text may be a part of
	// a large message, so it is copied.
	text := strings.Clone(texts[0])
	key := tenantOf(ctx) + "\x00" + text      // no tenant has this character in its name
	done := make(chan singleflight.Result, 1) // the caller may cancel before
	if !c.run(func() {
		v, err, shared := c.group.Do(key, func() (any, error) {
			ctx, cancel := c.outliving(ctx)
			defer cancel()
			return c.Embedder.Embed(ctx, role, []string{text})
		})
		done <- singleflight.Result{Val: v, Err: err, Shared: shared}
	}) {
		return Embeddings{}, errClosed
	}
	select {
	case <-ctx.Done():
		return Embeddings{}, ctx.Err()
	case result := <-done:
		if result.Err != nil {
			return Embeddings{}, result.Err
		}
		answer := result.Val.(Embeddings)
		if result.Shared {
			answer.Vectors = slices.Clone(answer.Vectors)
			for i, v := range answer.Vectors {
				answer.Vectors[i] = slices.Clone(v)
			}
			answer.Cut = slices.Clone(answer.Cut)
		}
		return answer, nil
	}
}

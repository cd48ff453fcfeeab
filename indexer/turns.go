package indexer

import (
	"context"

	"golang.org/x/sync/semaphore"
)

// Turns limits the CPU-bound work of all runs that share it: parsing, cutting,
// analysis, and embedding with a model in this process. So a processor stays free
// for other work, such as searches.
type Turns struct{ free *semaphore.Weighted }

// NewTurns returns Turns that allow n pieces of work at the same time, at least one.
func NewTurns(n int) *Turns { return &Turns{semaphore.NewWeighted(int64(max(n, 1)))} }

// run waits for a turn and does one piece of work. Nil Turns do not wait.
func (t *Turns) run(ctx context.Context, work func()) error {
	if t == nil {
		work()
		return nil
	}
	if err := t.free.Acquire(ctx, 1); err != nil {
		return err
	}
	defer t.free.Release(1)
	work()
	return nil
}

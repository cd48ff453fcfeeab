package indexer

import (
	"context"

	"golang.org/x/sync/semaphore"
)

// Turns bound the CPU-bound work of all runs that share them: parsing, cutting,
// analysis, and embedding by a model in this process. What others do meanwhile,
// such as answering searches, finds a processor free.
type Turns struct{ free *semaphore.Weighted }

// NewTurns lets so many works run at once, one at least.
func NewTurns(n int) *Turns { return &Turns{semaphore.NewWeighted(int64(max(n, 1)))} }

// run waits for a turn and does one piece of work. Nil Turns never wait.
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

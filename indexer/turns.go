package indexer

import (
	"context"

	"dalil/corpus"
	"dalil/fair"
)

// Turns limits the CPU-bound work of all runs that share it: parsing, cutting,
// analysis, and embedding with a model in this process. So a processor stays free
// for other work, such as searches. The turns go to the callers in order, so that one
// who writes much does not hold up the others.
type Turns struct{ free *fair.Queue }

// NewTurns returns Turns that allow n pieces of work at the same time, at least one.
func NewTurns(n int) *Turns { return &Turns{fair.New(n, 0)} }

// run waits for a turn and does one piece of work. Nil Turns do not wait.
func (t *Turns) run(ctx context.Context, work func()) error {
	if t == nil {
		work()
		return nil
	}
	caller, _ := corpus.PrincipalOf(ctx)
	leave, err := t.free.Enter(ctx, caller.Caller())
	if err != nil {
		return err
	}
	defer leave()
	work()
	return nil
}

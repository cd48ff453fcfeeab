package fair

import (
	"context"
	"runtime"
	"sync/atomic"
	"time"
)

// Turns limits the CPU-bound work of writes while questions are asked, so that a processor
// is free for a question when it arrives: parsing, analysis, embedding in this process, and
// what a store does with documents. The turns go to the callers in order, so that one who
// writes much does not hold up the others. Without a question within a second, work uses all
// processors. Nil Turns limit nothing.
type Turns struct {
	places  *Queue
	asked   atomic.Int64 // when the last question was asked, Unix nanoseconds
	yielded atomic.Int64 // when a turn last called the scheduler, Unix nanoseconds
}

// slice is how long work goes on without calling the scheduler. A goroutine that the
// network woke waits at most about this long for a processor that does such work; otherwise
// Go would interrupt the work after 10 ms.
const slice = 500 * time.Microsecond

// NewTurns returns Turns that allow n pieces of work at the same time, at least one.
func NewTurns(n int) *Turns { return &Turns{places: New(n, 0)} }

// Ask says that a question is asked: for a second, work needs turns.
func (t *Turns) Ask() {
	if t != nil {
		t.asked.Store(time.Now().UnixNano())
	}
}

// Waiting returns how many wait for a turn.
func (t *Turns) Waiting() int {
	if t == nil {
		return 0
	}
	return t.places.Waiting()
}

// Begin waits for a turn of a caller. The caller must call End, and calls Rest between
// pieces of longer work. The error is that of ctx.
func (t *Turns) Begin(ctx context.Context, caller string) (*Turn, error) {
	if t == nil {
		return nil, nil
	}
	turn := &Turn{turns: t, caller: caller}
	return turn, turn.enter(ctx)
}

// Turn is the permission for one piece of work. A nil Turn is that of nil Turns.
type Turn struct {
	turns  *Turns
	caller string
	leave  func() // nil: no question was asked when it began
	began  time.Time
}

func (t *Turn) enter(ctx context.Context) (err error) {
	t.began = time.Now()
	if t.began.UnixNano()-t.turns.asked.Load() < int64(recent) {
		t.leave, err = t.turns.places.Enter(ctx, t.caller)
		t.began = time.Now()
	}
	return err
}

// Rest lets others work if this turn has lasted for a while.
func (t *Turn) Rest() {
	if t == nil || time.Since(t.began) < slice {
		return
	}
	t.End()
	_ = t.enter(context.Background()) // which does not end
}

// End ends the turn.
func (t *Turn) End() {
	if t == nil || t.leave == nil {
		return
	}
	// Before the next turn begins, which would be the next goroutine on this processor: Go
	// looks for goroutines that the network woke only when the processor has no others.
	if now := time.Now().UnixNano(); now-t.turns.yielded.Load() >= int64(slice) {
		t.turns.yielded.Store(now)
		runtime.Gosched()
	}
	t.leave()
	t.leave = nil
}

package server

import (
	"context"
	"runtime"
	"runtime/metrics"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/semaphore"
	"google.golang.org/grpc/codes"

	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
)

// overloaded is the refusal of a call that the client may try again soon.
func overloaded(message string) error {
	return &said{kind{codes.ResourceExhausted, dalilv1.ErrorReason_ERROR_REASON_OVERLOADED, message, time.Second}, nil}
}

// Shares of the memory limit above which calls are refused. Searches are refused
// first, because clients can repeat them, and the memory then serves writes that
// have begun.
const (
	askingShare  = 0.90
	writingShare = 0.95
)

// memory measures how much of the memory limit is in use.
type memory struct {
	limit int64 // 0: no limit
	used  func() int64

	at        atomic.Int64 // when it was last measured, in Unix nanoseconds
	last      atomic.Int64
	collected atomic.Int64 // when a garbage collection was last started
}

// lookEvery limits how often the memory is measured. collectEvery limits how often
// a garbage collection is started while memory is short.
const (
	lookEvery    = 20 * time.Millisecond
	collectEvery = time.Second
)

func (m *memory) share() float64 {
	if m.limit <= 0 {
		return 0
	}
	now := time.Now().UnixNano()
	if at := m.at.Load(); now-at >= int64(lookEvery) && m.at.CompareAndSwap(at, now) {
		used := m.used()
		// Refused calls allocate nothing, so nothing else would start the garbage
		// collection that frees memory.
		if float64(used) >= askingShare*float64(m.limit) && now-m.collected.Load() >= int64(collectEvery) {
			m.collected.Store(now)
			runtime.GC()
			used = m.used()
		}
		m.last.Store(used)
	}
	return float64(m.last.Load()) / float64(m.limit)
}

// short reports whether there is too little memory for a method's calls.
func (m *memory) short(c class) bool {
	switch c {
	case asking:
		return m.share() >= askingShare
	case writing:
		return m.share() >= writingShare
	}
	return false
}

// liveBytes returns the bytes of the heap after the last garbage collection, plus
// the stacks. Allocations since then do not count: with a memory limit, the runtime
// collects earlier if less memory is free.
func liveBytes() int64 {
	samples := []metrics.Sample{{Name: "/gc/heap/live:bytes"}, {Name: "/memory/classes/heap/stacks:bytes"}}
	metrics.Read(samples)
	var sum int64
	for _, s := range samples {
		if s.Value.Kind() == metrics.KindUint64 {
			sum += int64(s.Value.Uint64())
		}
	}
	return sum
}

// admit accepts a call or returns why it is refused. An accepted call must end with r.leave, and so must a refused one.
func (r *serving) admit(ctx context.Context, method string) error {
	all := int64(r.options.Calls)
	own := r.crowd.enter(callerName(ctx))
	if r.calls.Add(1) > all {
		return overloaded("the server has too many running calls")
	}
	if r.options.Authenticator != nil && int64(own) > (all+1)/2 {
		return overloaded("this caller has too many running calls")
	}
	if err := r.charge(ctx, method); err != nil {
		return err
	}
	if r.memory.short(classes[method]) {
		return overloaded("the server is short of memory")
	}
	return nil
}

func (r *serving) leave(ctx context.Context) {
	r.calls.Add(-1)
	r.crowd.leave(callerName(ctx))
}

// callerName returns what the calls of a caller are counted by.
func callerName(ctx context.Context) string {
	p, _ := corpus.PrincipalOf(ctx)
	return p.Caller()
}

// wait blocks a writing stream until there is memory again.
func (b *inbox) wait(ctx context.Context) error {
	for b.memory.short(classes[b.method]) {
		select {
		case <-time.After(100 * time.Millisecond):
		case <-ctx.Done():
			return &ended{ctx.Err(), ctx.Err()}
		}
	}
	return nil
}

// reservation is the part of a budget that a call has reserved. It is freed at the
// end of the call, or when the next message is read.
type reservation struct {
	mu     sync.Mutex
	budget *semaphore.Weighted
	bytes  int64
	closed bool
}

func (h *reservation) take(budget *semaphore.Weighted, n int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		budget.Release(n)
		return
	}
	h.budget, h.bytes = budget, h.bytes+n
}

func (h *reservation) shrink(to int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.bytes > to {
		h.budget.Release(h.bytes - to)
		h.bytes = to
	}
}

func (h *reservation) free() { h.shrink(0) }

// close frees the reservation; later calls reserve nothing.
func (h *reservation) close() {
	h.mu.Lock()
	h.closed = true
	h.mu.Unlock()
	h.free()
}

// reserve reserves memory for a message before it is read. If there is none,
// questions are refused, and documents wait.
func (b *inbox) reserve(n int) error {
	budget, bytes := b.messages, min(int64(n), b.options.MessageBytes)
	if classes[b.method] != writing && b.takes(b.method) <= 4*smallMessage {
		if budget = b.questions; !budget.TryAcquire(int64(n)) {
			return overloaded("the server is reading too many messages")
		}
		b.held.take(budget, int64(n))
		return nil
	}
	before := b.ours.Swap(true)
	defer b.ours.Store(before)
	if err := b.wait(b.ctx); err != nil {
		return err
	}
	if err := budget.Acquire(b.ctx, bytes); err != nil {
		return &ended{err, err}
	}
	b.held.take(budget, bytes)
	return nil
}

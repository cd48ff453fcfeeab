package local

import (
	"context"
	"sync"
	"sync/atomic"
)

// scans limits how many goroutines search at the same time. More than there are
// processors would only make each of them slower.
type scans struct{ slots chan struct{} }

func newScans(n int) scans { return scans{make(chan struct{}, n)} }

// enter waits for a slot.
func (s scans) enter(ctx context.Context, closing <-chan struct{}) (release func(), err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	select {
	case <-closing:
		return nil, errClosed
	default:
	}
	select {
	case s.slots <- struct{}{}:
		return func() { <-s.slots }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-closing:
		return nil, errClosed
	}
}

// run does the tasks in this goroutine and, if requested, in others for which a
// slot is free.
func (s scans) run(ctx context.Context, tasks []func(), parallel bool) error {
	var next atomic.Int64
	var failed atomic.Pointer[error]
	work := func() {
		err := guard(func() {
			for ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= len(tasks) {
					return
				}
				tasks[i]()
			}
		})
		if err != nil {
			failed.Store(&err)
		}
	}
	var others sync.WaitGroup
	for n := 1; parallel && n < len(tasks); n++ {
		select {
		case s.slots <- struct{}{}:
			others.Go(func() {
				defer func() { <-s.slots }()
				work()
			})
			continue
		default:
		}
		break
	}
	work()
	others.Wait()
	if err := failed.Load(); err != nil {
		return *err
	}
	return ctx.Err()
}

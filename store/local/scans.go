package local

import (
	"context"
	"runtime"
	"runtime/debug"
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
// slot is free. None of these is left when it returns or panics. The panic of a task
// reaches the caller, whatever goroutine it happened in.
func (s scans) run(ctx context.Context, tasks []func(), parallel bool) error {
	var next atomic.Int64
	var failed atomic.Pointer[error]
	var raised atomic.Pointer[any]
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
				defer func() {
					if value := recover(); value != nil {
						value = withStack(value)
						raised.Store(&value)
					}
				}()
				work()
			})
			continue
		default:
		}
		break
	}
	func() {
		defer others.Wait()
		work()
	}()
	if value := raised.Load(); value != nil {
		panic(*value)
	}
	if err := failed.Load(); err != nil {
		return *err
	}
	return ctx.Err()
}

// fatal is a runtime.Error with the stack of the goroutine that it happened in.
type fatal struct {
	cause runtime.Error
	stack []byte
}

func (f fatal) Error() string { return f.cause.Error() + "\n" + string(f.stack) }
func (f fatal) Unwrap() error { return f.cause }
func (f fatal) RuntimeError() {}

// withStack adds the stack to the value of a panic, if it is a runtime.Error.
func withStack(value any) any {
	if err, is := value.(runtime.Error); is {
		return fatal{err, debug.Stack()}
	}
	return value
}

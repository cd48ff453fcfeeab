package embedder

import (
	"context"
	"sync"

	"dalil/corpus"
)

// Close ends the shared calls that the wrappers of e make in goroutines of their
// own, and waits for them. After that, Embed fails with corpus.ErrUnavailable if it
// would need such a call.
func Close(e Embedder) {
	for e != nil {
		if owner, ok := e.(backgroundOwner); ok {
			owner.closeBackground()
		}
		w, ok := e.(Wrapper)
		if !ok {
			return
		}
		e = w.Unwrap()
	}
}

// backgroundOwner is a wrapper with goroutines of its own.
type backgroundOwner interface{ closeBackground() }

// background owns the goroutines of one wrapper.
type background struct {
	ctx  context.Context // ends when the wrapper is closed
	end  context.CancelFunc
	mu   sync.Mutex // no goroutine starts after Close
	work sync.WaitGroup
}

func newBackground() *background {
	b := &background{}
	b.ctx, b.end = context.WithCancel(context.Background())
	return b
}

var errClosed = corpus.Errorf(corpus.ErrUnavailable, "the embedder is closed")

// run starts f and returns true, or returns false after Close.
func (b *background) run(f func()) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ctx.Err() != nil {
		return false
	}
	b.work.Go(f)
	return true
}

// outliving returns a context with the values of ctx that ends when the wrapper is
// closed, not when ctx ends.
func (b *background) outliving(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
	stop := context.AfterFunc(b.ctx, func() { cancel(errClosed) })
	return ctx, func() {
		stop()
		cancel(nil)
	}
}

func (b *background) closeBackground() {
	b.mu.Lock()
	b.end()
	b.mu.Unlock()
	b.work.Wait()
}

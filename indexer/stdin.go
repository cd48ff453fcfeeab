package indexer

import (
	"context"
	"io"
)

// interruptible reads from r until ctx ends. A pipe whose writer is silent
// blocks a read forever and cannot be stopped; the goroutine that waits
// in such a read ends with it, or with the process.
func interruptible(ctx context.Context, r io.Reader) io.Reader {
	in, out := io.Pipe()
	go func() {
		_, err := io.Copy(out, r)
		out.CloseWithError(err) // nil: the end of the input
	}()
	context.AfterFunc(ctx, func() {
		in.CloseWithError(context.Cause(ctx)) // and with it the copy, once its read returns
		out.CloseWithError(context.Cause(ctx))
	})
	return in
}

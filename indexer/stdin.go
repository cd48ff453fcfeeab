package indexer

import (
	"context"
	"io"
)

// interruptible reads from r until ctx ends. A read from a pipe whose writer sends
// nothing cannot be stopped. The goroutine with such a read ends when the read
// returns, or with the process.
func interruptible(ctx context.Context, r io.Reader) io.Reader {
	in, out := io.Pipe()
	go func() {
		_, err := io.Copy(out, r)
		out.CloseWithError(err) // nil: the end of the input
	}()
	context.AfterFunc(ctx, func() {
		in.CloseWithError(context.Cause(ctx)) // ends the copying goroutine too, when its read returns
		out.CloseWithError(context.Cause(ctx))
	})
	return in
}

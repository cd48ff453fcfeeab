package main

import (
	"context"
	"errors"
	"fmt"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"dalil/indexer"
)

// stopped explains why a run of index ended before its input did, and what that
// means for the documents. It returns other errors unchanged.
func (c *indexCommand) stopped(ctx context.Context, err error, summary indexer.Summary) error {
	reason := ""
	switch {
	case errors.Is(err, context.Canceled) && ctx.Err() != nil, status.Code(err) == codes.Canceled && ctx.Err() != nil:
		reason = "interrupted"
	case c.Server != "" && broken(err):
		reason = readable(err, c.Server, asWritten).Error()
	default:
		return err
	}
	if summary.Receipts == 0 {
		return fmt.Errorf("%s\nno document has a receipt: run the same command again; it sends only the missing documents", reason)
	}
	return fmt.Errorf("%s\n%d documents have receipts; the others may or may not have been written: run the same command again; it sends only the missing documents",
		reason, summary.Receipts)
}

// broken reports whether err is a gRPC status, with which a stream ended.
func broken(err error) bool {
	_, ok := status.FromError(err)
	return ok
}

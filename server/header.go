package server

import (
	"context"
	"fmt"

	"dalil/corpus"
)

// headerBytes is the limit for the header of a call, counted as in HTTP/2: the
// bytes of names and values, plus 32 for each field. If a header is larger than
// headerRead, the gRPC library itself resets the call or closes its connection.
const (
	headerBytes = 64 << 10
	headerRead  = 1 << 20
)

func headerFits(ctx context.Context) error {
	n := 0
	for name, values := range entryOf(ctx).header {
		for _, value := range values {
			n += len(name) + len(value) + 32
		}
	}
	if n > headerBytes {
		return &corpus.InvalidError{Violations: []corpus.Violation{{
			Field: "header", Description: fmt.Sprintf("has %d bytes, must be at most %d", n, headerBytes),
			Limit: fmt.Sprint(headerBytes), Got: fmt.Sprint(n),
		}}}
	}
	return nil
}

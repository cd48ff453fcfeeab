package server

import (
	"context"
	"fmt"

	"google.golang.org/grpc/metadata"

	"dalil/corpus"
)

// headerBytes is what the header of a call may have, counted as HTTP/2 does: the
// bytes of names and values, and 32 for each field. grpc itself resets a call
// whose header is larger than headerRead, or ends its connection.
const (
	headerBytes = 64 << 10
	headerRead  = 1 << 20
)

func headerFits(ctx context.Context) error {
	md, _ := metadata.FromIncomingContext(ctx)
	n := 0
	for name, values := range md {
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

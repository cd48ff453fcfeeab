package qdrant

import (
	"io"

	"google.golang.org/grpc"
	"google.golang.org/grpc/encoding"
	"google.golang.org/grpc/experimental"
)

// plain is an encoding that changes nothing and that no server supports. gRPC
// offers servers every encoding that the process has, gzip among them for Dalil's
// own listener, and Qdrant then compresses each answer: a seventh of the time of a
// question, and of a small read a third. To name no encoding counts as naming
// all (gRPC 1.85), so this one is named alone.
type plain struct{}

// RegisterEncoding registers the encoding that keeps Qdrant from compressing its
// answers. Call it once, at the start of main: gRPC allows it only before any
// connection is made. Without it answers are compressed, and nothing else changes.
func RegisterEncoding() { encoding.RegisterCompressor(plain{}) }

func (plain) Name() string                                 { return "dalil-plain" }
func (plain) Compress(w io.Writer) (io.WriteCloser, error) { return unclosed{w}, nil }
func (plain) Decompress(r io.Reader) (io.Reader, error)    { return r, nil }

// answersPlain are the call options that name the encoding, where it is
// registered.
func answersPlain() []grpc.CallOption {
	if encoding.GetCompressor(plain{}.Name()) == nil {
		return nil
	}
	return []grpc.CallOption{experimental.AcceptCompressors(plain{}.Name())}
}

type unclosed struct{ io.Writer }

func (unclosed) Close() error { return nil }

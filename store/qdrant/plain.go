package qdrant

import (
	"io"

	"google.golang.org/grpc"
	"google.golang.org/grpc/encoding"
	"google.golang.org/grpc/experimental"
)

// plain is an encoding that changes nothing and that no server supports. A gRPC
// client offers servers every encoding that is registered in the process. Dalil
// registers gzip for its own listener, so Qdrant would compress each answer, which
// takes a seventh of the time of a question and a third of that of a small read.
// Naming no encoding means all encodings (gRPC 1.85), so the client names only this
// one.
type plain struct{}

// RegisterEncoding registers the encoding that prevents Qdrant from compressing its
// answers. Call it once, at the start of main: gRPC allows it only before the first
// connection. Without it, answers are compressed; nothing else changes.
func RegisterEncoding() { encoding.RegisterCompressor(plain{}) }

func (plain) Name() string                                 { return "dalil-plain" }
func (plain) Compress(w io.Writer) (io.WriteCloser, error) { return unclosed{w}, nil }
func (plain) Decompress(r io.Reader) (io.Reader, error)    { return r, nil }

// answersPlain returns the call options that name the encoding, if it is
// registered.
func answersPlain() []grpc.CallOption {
	if encoding.GetCompressor(plain{}.Name()) == nil {
		return nil
	}
	return []grpc.CallOption{experimental.AcceptCompressors(plain{}.Name())}
}

type unclosed struct{ io.Writer }

func (unclosed) Close() error { return nil }

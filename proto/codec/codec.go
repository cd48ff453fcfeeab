// Package codec encodes and decodes the messages of dalil.v1 for gRPC. Answers with texts
// of passages have code of their own, which takes a fraction of the time of protobuf's
// tables; protobuf itself does all other messages. Start with [Server] and [Client].
package codec

import (
	"sync"
	"unicode/utf8"
	"unsafe"

	asm "github.com/segmentio/asm/utf8"
	"google.golang.org/grpc/encoding"
	"google.golang.org/grpc/encoding/proto"
	"google.golang.org/grpc/mem"
	protobuf "google.golang.org/protobuf/proto"

	dalilv1 "dalil/proto/dalil/v1"
)

// wellKnown is the codec of gRPC.
var wellKnown = encoding.GetCodecV2(proto.Name)

// Server is the codec of a server. If a string is not valid UTF-8, which an older or a
// damaged index may have, it is made valid when it is encoded. So answers need no check
// of their own.
type Server struct{}

var _ encoding.CodecV2 = Server{}

// Name returns the name of the encoding, which is that of gRPC's own codec.
func (Server) Name() string { return proto.Name }

// Marshal encodes an answer.
func (Server) Marshal(v any) (mem.BufferSlice, error) {
	buffer := buffers.Get(0)
	e := encoder{b: (*buffer)[:0]}
	if !e.answer(v) {
		buffers.Put(buffer)
		return marshalMended(v)
	}
	return e.finish(buffer)
}

// finish returns what was encoded, in the buffer that it was begun in, or the error.
func (e *encoder) finish(buffer *[]byte) (mem.BufferSlice, error) {
	*buffer = e.b
	if e.err != nil {
		buffers.Put(buffer)
		return nil, e.err
	}
	return mem.BufferSlice{mem.NewBuffer(buffer, buffers)}, nil
}

// Unmarshal decodes a request.
func (Server) Unmarshal(data mem.BufferSlice, v any) error { return wellKnown.Unmarshal(data, v) }

// Client is the codec of a client. It refuses strings that are not valid UTF-8.
type Client struct{}

var _ encoding.CodecV2 = Client{}

// Name returns the name of the encoding, which is that of gRPC's own codec.
func (Client) Name() string { return proto.Name }

// Marshal encodes a request.
func (Client) Marshal(v any) (mem.BufferSlice, error) { return wellKnown.Marshal(v) }

// Unmarshal decodes an answer. What belongs to one passage of a search is in one piece of
// memory, so that a string of it keeps the others.
func (Client) Unmarshal(data mem.BufferSlice, v any) error {
	answer, is := v.(*dalilv1.SearchResponse)
	if !is {
		return wellKnown.Unmarshal(data, v)
	}
	flat := data.MaterializeToBuffer(mem.DefaultBufferPool())
	defer flat.Free()
	if protobuf.Reset(answer); decode(flat.ReadOnlyData(), answer) {
		return nil
	}
	return protobuf.Unmarshal(flat.ReadOnlyData(), answer)
}

// spare has buffers of answers that have been sent.
type spare struct{ pool sync.Pool }

var buffers mem.BufferPool = &spare{}

// mostKept is the largest buffer that is used again. Larger answers are rare.
const mostKept = 256 << 10

// Get returns a buffer, with any length.
func (s *spare) Get(int) *[]byte {
	if b, ok := s.pool.Get().(*[]byte); ok {
		return b
	}
	b := make([]byte, 0, 32<<10)
	return &b
}

func (s *spare) Put(b *[]byte) {
	if cap(*b) <= mostKept {
		s.pool.Put(b)
	}
}

// valid reports whether a string is UTF-8. For a long Arabic one it takes a tenth of the
// time of package unicode/utf8, which looks at each letter.
func valid(s string) bool {
	if len(s) < 32 {
		return utf8.ValidString(s)
	}
	return asm.Valid(unsafe.Slice(unsafe.StringData(s), len(s)))
}

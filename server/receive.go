package server

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync/atomic"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/encoding"
	"google.golang.org/grpc/encoding/proto"
	"google.golang.org/grpc/mem"
	"google.golang.org/grpc/status"
	protobuf "google.golang.org/protobuf/proto"

	"dalil/corpus"
)

// Messages are read here and not by the gRPC library, which has one limit for all methods
// and applies it after it has read a message into memory. The first five bytes of a message
// have its length. Nothing more is read before memory is reserved for it. Until then a
// client can send at most one flow-control window.

// wireStream has the methods of gRPC's stream that read raw bytes.
type wireStream interface {
	ReadMessageHeader(header []byte) error
	Read(n int) (mem.BufferSlice, error)
	RecvCompress() string
}

// inbox reads the messages of one call.
type inbox struct {
	*serving
	ctx    context.Context
	wire   wireStream
	method string
	held   reservation
	// refused is why the document of the last message was not decoded.
	refused error
	// ours is true while the client waits for the server: the server waits for
	// memory for a message, or has not begun to read the next one.
	ours atomic.Bool
}

// inboxOf returns the inbox of a stream.
func inboxOf[Q, A any](wire grpc.BidiStreamingServer[Q, A]) *inbox {
	if generic, ok := wire.(*grpc.GenericServerStream[Q, A]); ok {
		if s, ok := generic.ServerStream.(*stream); ok && s.in != nil {
			return s.in
		}
	}
	return &inbox{}
}

var errNoWire = errors.New("grpc gives no access to the messages of a call")

func (r *serving) inbox(ctx context.Context, method string) (*inbox, error) {
	wire, ok := grpc.ServerTransportStreamFromContext(ctx).(wireStream)
	if !ok {
		return nil, errNoWire
	}
	return &inbox{serving: r, ctx: ctx, wire: wire, method: method}, nil
}

// wellKnown decodes a message.
var wellKnown = encoding.GetCodecV2(proto.Name)

// receive reads one message. It returns io.EOF if there are no more. It first frees
// the memory that was reserved for the message before.
func (b *inbox) receive(message any) error {
	b.held.free()
	b.ours.Store(false)
	var header [5]byte
	if err := b.wire.ReadMessageHeader(header[:]); err != nil {
		return b.cut(err)
	}
	most := b.takes(b.method)
	length := int(binary.BigEndian.Uint32(header[1:]))
	if length > most {
		return tooLarge(fmt.Sprintf("the message has %d bytes, %s takes at most %d", length, b.method, most))
	}
	// The first piece of a message is read before memory is reserved, so that a
	// client that announces much and sends nothing reserves none.
	compressed, small := header[0] == 1, length <= smallMessage
	data, err := b.wire.Read(min(length, smallMessage))
	defer func() { data.Free() }()
	if err != nil {
		return b.cut(err)
	}
	if needed := length; !small {
		if compressed {
			needed += inflated(length, most)
		}
		if err := b.reserve(needed); err != nil {
			return err
		}
		if data, err = b.rest(data, length); err != nil {
			return err
		}
	}
	b.ours.Store(true)
	if compressed && small {
		if err := b.reserve(inflated(length, most)); err != nil {
			return err
		}
	}
	if compressed {
		flat, err := b.inflate(data, most)
		if err != nil {
			return err
		}
		data.Free()
		data = mem.BufferSlice{mem.SliceBuffer(flat)}
		b.held.shrink(int64(len(flat)))
	}
	return b.decode(data, message)
}

func (b *inbox) decode(data mem.BufferSlice, message any) error {
	if m, ok := message.(protobuf.Message); ok {
		flat := data.MaterializeToBuffer(mem.DefaultBufferPool())
		defer flat.Free()
		weighed, err := b.weigh(flat.ReadOnlyData(), m.ProtoReflect())
		if err != nil {
			return err
		}
		data = mem.BufferSlice{mem.SliceBuffer(weighed)}
	}
	if err := wellKnown.Unmarshal(data, message); err != nil {
		return corpus.Invalid("request", undecodable(err))
	}
	return nil
}

// undecodable returns why a message cannot be decoded, without text of the decoder.
func undecodable(err error) string {
	if strings.Contains(err.Error(), "UTF-8") {
		return "has a string that is not valid UTF-8"
	}
	return "cannot be read as a message of this method"
}

// A large message is read in pieces of pieceBytes. Each must arrive within
// pieceTime, because memory that is reserved for the message cannot serve others.
const (
	pieceBytes = 256 << 10
	pieceTime  = 5 * time.Second
)

// rest reads the remaining pieces of a message; data is the first piece.
func (b *inbox) rest(data mem.BufferSlice, length int) (mem.BufferSlice, error) {
	type read struct {
		data mem.BufferSlice
		err  error
	}
	for left := length - data.Len(); left > 0; left = length - data.Len() {
		done := make(chan read, 1)
		b.stragglers.Go(func() { // ends at the latest when gRPC ends the stream
			piece, err := b.wire.Read(min(left, pieceBytes))
			done <- read{piece, err}
		})
		timer := time.NewTimer(pieceTime)
		select {
		case r := <-done:
			timer.Stop()
			data = append(data, r.data...)
			if r.err != nil {
				return data, b.cut(r.err)
			}
		case <-timer.C:
			return data, errStalled
		}
	}
	return data, nil
}

// cut returns why a message did not arrive completely.
func (b *inbox) cut(err error) error {
	switch {
	case err == nil || err == io.EOF:
		return err
	case over(b.ctx) != nil:
		return &ended{over(b.ctx), err}
	case errors.Is(err, io.ErrUnexpectedEOF):
		return corpus.Invalid("request", "ends in the middle of a message")
	}
	return &transport{status.New(codes.Canceled, "the stream broke off")}
}

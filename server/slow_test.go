package server_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"net"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"

	dalilv1 "dalil/proto/dalil/v1"
	"dalil/server"
)

// Clients that announce large documents and send nothing of them take no memory
// from those who send theirs.
func TestAnnouncedDocumentsTakeNoMemory(t *testing.T) {
	r := serve(t, newBackend(), server.Options{})
	announce(t, r.address, 200, 16<<20)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second) // the slow ones have five seconds a piece
	defer cancel()
	if _, err := r.documents.UpsertDocument(ctx, &dalilv1.UpsertDocumentRequest{Document: document("a", strings.Repeat("rivers ", 20_000))}); err != nil {
		t.Errorf("a document of 140 KB beside 200 that are only announced: %v", err)
	}
}

// announce opens streams of UpsertDocument on one connection, each with the five
// bytes that announce a message and nothing of the message.
func announce(t *testing.T, address string, streams, length int) {
	t.Helper()
	connection, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { connection.Close() })
	if _, err := connection.Write([]byte(http2.ClientPreface)); err != nil {
		t.Fatal(err)
	}
	framer := http2.NewFramer(connection, connection)
	if err := framer.WriteSettings(); err != nil {
		t.Fatal(err)
	}
	var header bytes.Buffer
	encoder := hpack.NewEncoder(&header)
	var prefix [5]byte
	binary.BigEndian.PutUint32(prefix[1:], uint32(length))
	for i := range streams {
		header.Reset()
		for _, field := range [][2]string{
			{":method", "POST"},
			{":scheme", "http"},
			{":path", "/dalil.v1.DocumentService/UpsertDocument"},
			{":authority", "dalil"},
			{"content-type", "application/grpc"},
			{"te", "trailers"},
		} {
			if err := encoder.WriteField(hpack.HeaderField{Name: field[0], Value: field[1]}); err != nil {
				t.Fatal(err)
			}
		}
		id := uint32(2*i + 1)
		if err := framer.WriteHeaders(http2.HeadersFrameParam{StreamID: id, BlockFragment: header.Bytes(), EndHeaders: true}); err != nil {
			t.Fatal(err)
		}
		if err := framer.WriteData(id, false, prefix[:]); err != nil {
			t.Fatal(err)
		}
	}
	// The server's answer to a ping says that it has all of the frames above.
	if err := framer.WritePing(false, [8]byte{1}); err != nil {
		t.Fatal(err)
	}
	for {
		frame, err := framer.ReadFrame()
		if err != nil {
			t.Fatal(err)
		}
		if ping, ok := frame.(*http2.PingFrame); ok && ping.IsAck() {
			return
		}
	}
}

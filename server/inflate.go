package server

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"sync"

	"google.golang.org/grpc/mem"

	"dalil/corpus"
)

// A message may inflate to a hundred times its size, but at least to inflateFloor.
// Compressed text is rarely smaller than a twentieth of the text.
const (
	inflateTimes = 100
	inflateFloor = 64 << 10
)

// inflated returns the largest size that a message of so many bytes may inflate to.
func inflated(length, most int) int { return min(most, max(inflateFloor, inflateTimes*length)) }

var unzippers sync.Pool // of *gzip.Reader

// inflate decompresses a gzip message. It stops as soon as the result is too large.
func (b *inbox) inflate(data mem.BufferSlice, most int) ([]byte, error) {
	if name := b.wire.RecvCompress(); name != "gzip" {
		return nil, corpus.Invalid("request", fmt.Sprintf("is compressed by %q; only gzip is supported", name))
	}
	length := data.Len()
	limit := inflated(length, most)
	compressed := data.Reader()
	defer compressed.Close()
	unzip, err := unzipper(compressed)
	if err != nil {
		return nil, corpus.Invalid("request", "is marked as gzip, but is not gzip")
	}
	defer unzippers.Put(unzip)
	var flat bytes.Buffer
	flat.Grow(min(4*length, limit) + bytes.MinRead)
	n, err := io.Copy(&flat, io.LimitReader(unzip, int64(limit)+1))
	switch {
	case err != nil:
		return nil, corpus.Invalid("request", "is marked as gzip, but is not gzip")
	case n > int64(limit) && limit < most:
		return nil, tooLarge(fmt.Sprintf("the message of %d bytes inflates to more than %d times its size", length, inflateTimes))
	case n > int64(limit):
		return nil, tooLarge(fmt.Sprintf("the message inflates to more than the %d bytes that %s takes", most, b.method))
	}
	return flat.Bytes(), nil
}

func unzipper(from io.Reader) (*gzip.Reader, error) {
	if z, ok := unzippers.Get().(*gzip.Reader); ok {
		if err := z.Reset(from); err != nil {
			unzippers.Put(z)
			return nil, err
		}
		return z, nil
	}
	return gzip.NewReader(from)
}

package gateway

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"
)

const (
	// smallBody is read without a share of the budget.
	smallBody = 64 << 10
	// A body is read in pieces. Each must arrive in time, because memory that is used for the body cannot serve others.
	pieceBytes = 256 << 10
	pieceTime  = 5 * time.Second
	// bodyTimes is how many times the bytes of a message its JSON may have: a character of two bytes can be written as
	// \u0000.
	bodyTimes = 3
	// inflateTimes is how many times its size a compressed body may have.
	inflateTimes = 100
)

// read returns the whole body, which must have at most limit bytes after it is inflated. free returns its share of the
// budget.
func (g *gateway) read(a *answer, r *http.Request, limit int) (data []byte, free func(), problem *refusal) {
	var held int64
	free = func() { g.bodies.Release(held) }
	if r.ContentLength > int64(limit) {
		return nil, free, tooLarge(fmt.Sprintf("the body has %d bytes, the limit is %d", r.ContentLength, limit))
	}
	if r.ContentLength == 0 {
		return nil, free, nil
	}
	control := http.NewResponseController(a.ResponseWriter)
	_ = control.SetReadDeadline(time.Now().Add(pieceTime)) // not every connection has deadlines
	defer func() {
		if problem == nil { // otherwise the connection is not used again
			_ = control.SetReadDeadline(time.Time{})
		}
	}()
	from, problem := inflated(r)
	if problem != nil {
		return nil, free, problem
	}
	var body bytes.Buffer
	for piece := int64(smallBody); ; piece = pieceBytes {
		_, err := io.CopyN(&body, from, min(piece, int64(limit-body.Len())+1))
		switch {
		case body.Len() > limit:
			return nil, free, tooLarge(fmt.Sprintf("the body has more than %d bytes", limit))
		case errors.Is(err, io.EOF):
			return body.Bytes(), free, nil
		case err != nil:
			return nil, free, unreadable(err)
		}
		_ = control.SetReadDeadline(time.Now().Add(pieceTime))
		if !g.reserve(r.Context(), pieceBytes) {
			return nil, free, errBusy
		}
		held += pieceBytes
	}
}

// reserve waits for a share of the budget. Requests that each have a part of it do not wait for each other forever.
func (g *gateway) reserve(ctx context.Context, n int64) bool {
	ctx, cancel := context.WithTimeout(ctx, pieceTime)
	defer cancel()
	return g.bodies.Acquire(ctx, n) == nil
}

// inflated returns the body without its compression.
func inflated(r *http.Request) (io.Reader, *refusal) {
	switch name := strings.ToLower(strings.TrimSpace(r.Header.Get("Content-Encoding"))); name {
	case "", "identity":
		return r.Body, nil
	case "gzip":
		return &inflating{packed: counting{from: r.Body}}, nil
	default:
		return nil, &refusal{
			http: http.StatusUnsupportedMediaType, code: invalidArgument, reason: "INVALID", field: "header.content-encoding",
			message: fmt.Sprintf("header.content-encoding: must be gzip or absent, is %.40q", name),
		}
	}
}

// inflating inflates a body and ends with errBomb when it becomes far larger than it was.
type inflating struct {
	packed counting
	zip    *gzip.Reader
	flat   int64
	err    error // of the last Read; it stays
}

type counting struct {
	from io.Reader
	n    int64
}

// Read counts the bytes.
func (c *counting) Read(b []byte) (int, error) {
	n, err := c.from.Read(b)
	c.n += int64(n)
	return n, err
}

var (
	errBomb = errors.New("inflates too much")
	errZip  = errors.New("is not gzip")
	errCut  = errors.New("ends before its gzip data")
)

// Read returns the next bytes of the inflated body.
func (i *inflating) Read(b []byte) (n int, err error) {
	if i.err != nil {
		return 0, i.err
	}
	if i.zip == nil {
		if i.zip, err = gzip.NewReader(&i.packed); err != nil {
			if errors.Is(err, io.EOF) {
				err = errZip // it is empty
			}
			i.err = notZip(err)
			return 0, i.err
		}
	}
	n, err = i.zip.Read(b)
	if i.flat += int64(n); i.flat > max(smallBody, inflateTimes*i.packed.n) {
		n, err = 0, errBomb
	}
	i.err = notZip(err)
	return n, i.err
}

// notZip tells errors of the format from those of the connection.
func notZip(err error) error {
	if err == nil || errors.Is(err, io.EOF) {
		return err
	}
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return errCut
	}
	if errors.Is(err, gzip.ErrHeader) || errors.Is(err, gzip.ErrChecksum) || isCorrupt(err) {
		return errZip
	}
	return err
}

// unreadable says why a body could not be read.
func unreadable(err error) *refusal {
	switch {
	case errors.Is(err, errBomb):
		return tooLarge(fmt.Sprintf("the body inflates to more than %d times its size", inflateTimes))
	case errors.Is(err, errBudget):
		return errBusy
	case errors.Is(err, errZip):
		return invalid("request", "is marked as gzip, but is not gzip")
	case errors.Is(err, errCut):
		return invalid("request", "ends before its gzip data does")
	case errors.Is(err, os.ErrDeadlineExceeded):
		return &refusal{http: http.StatusRequestTimeout, code: aborted, reason: "STALLED", message: "the body did not arrive in time"}
	}
	return invalid("request", "ends in the middle of its body")
}

package gateway

import (
	"bytes"
	"errors"
	"io"

	"dalil/corpus"
)

// errBudget says that there was no memory for a long line.
var errBudget = errors.New("no memory for a long line")

// lineBudget passes a stream of lines on. A line that is longer than smallBody takes a share of the budget, until
// bytes after it are asked for.
type lineBudget struct {
	from    io.Reader
	reserve func() bool // a share of pieceBytes
	release func(n int64)

	line int64 // bytes of the line that is being read
	held int64
	done bool // the line ended in the bytes that were returned last
}

// Read returns the next bytes.
func (l *lineBudget) Read(b []byte) (int, error) {
	if l.done {
		l.free()
	}
	n, err := l.from.Read(b)
	if end := bytes.LastIndexByte(b[:n], '\n'); end >= 0 {
		l.line, l.done = int64(n-end-1), true
	} else {
		l.line, l.done = l.line+int64(n), false
	}
	for min(l.line, corpus.MaxDocumentBytes) > smallBody+l.held { // what is longer is not kept
		if !l.reserve() {
			return 0, errBudget
		}
		l.held += pieceBytes
	}
	return n, err
}

// free gives the share back.
func (l *lineBudget) free() {
	l.release(l.held)
	l.held = 0
}

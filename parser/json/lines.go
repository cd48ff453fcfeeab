package json

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"

	"dalil/corpus"
	"dalil/parser/format"
)

// Lines splits a stream into raws, one for every line that is not blank. The
// stream is decoded before it is split. A record's id is its own, else the source
// and the line; its source is its own, else "source:line". A line that can't be
// one is yielded with an error that names it, and the stream goes on; an error of
// the reader ends it. A stream that is one JSON array, or one record over several
// lines, yields one error that says so.
func Lines(r io.Reader, source string) iter.Seq2[corpus.Raw, error] {
	return func(yield func(corpus.Raw, error) bool) {
		reader := bufio.NewReaderSize(r, 1<<16)
		_, _ = reader.Peek(1) // what has arrived is enough: a pipe may be slow. An error comes back when it is read.
		head, _ := reader.Peek(reader.Buffered())
		decoded, guessed := format.DecodingReader(reader, head)
		if decoded != io.Reader(reader) {
			reader = bufio.NewReaderSize(decoded, 1<<16)
		}
		s := &splitter{reader: reader, source: source, yield: yield}
		if guessed != "" {
			s.warnings = []string{fmt.Sprintf("the charset is not declared; it was guessed to be %s", guessed)}
		}
		for s.line() {
		}
	}
}

// splitter walks over the lines of a stream.
type splitter struct {
	reader   *bufio.Reader
	source   string
	yield    func(corpus.Raw, error) bool
	warnings []string // of every record
	memory   []byte   // of the line
	n        int      // lines read
	found    int      // of them, that are not blank
}

// line takes one line; it reports whether there may be more.
func (s *splitter) line() bool {
	line, long, err := readLine(s.reader, s.memory[:0])
	s.memory = line
	s.n++
	if err != nil && !errors.Is(err, io.EOF) {
		s.yield(corpus.Raw{Document: corpus.Document{Source: s.source}}, fmt.Errorf("line %d: %w", s.n, err))
		return false
	}
	last := err != nil
	place := fmt.Sprintf("%s:%d", s.source, s.n)
	line = bytes.TrimSpace(bytes.TrimPrefix(line, []byte("\uFEFF")))
	switch {
	case long:
		err := corpus.Invalid("record", fmt.Sprintf("has more than %d bytes", corpus.MaxDocumentBytes))
		return s.yield(corpus.Raw{Document: corpus.Document{Source: place}}, err) && !last
	case len(line) == 0:
		return !last
	}
	if s.found++; s.found == 1 {
		if problem := notLines(line); problem != "" {
			s.yield(corpus.Raw{Document: corpus.Document{Source: place}}, corpus.Invalid("record", problem))
			return false
		}
	}
	raw, err := rawRecord(line, place)
	raw.Warnings = append(raw.Warnings, s.warnings...)
	return s.yield(raw, err) && !last
}

// notLines says in one sentence what a stream is that is not JSON Lines, by its
// first line; "" for one that may be.
func notLines(first []byte) string {
	switch {
	case first[0] == '[':
		return "is a JSON array; JSON Lines have one object on each line, without brackets around them and commas between them"
	case string(first) == "{":
		return "is a JSON object over several lines; JSON Lines have one object on each line"
	}
	return ""
}

// rawRecord reads a line far enough to name its document; a record of clean
// text needs no further parsing.
func rawRecord(line []byte, place string) (corpus.Raw, error) {
	in := &format.Input{Ctx: context.Background(), Body: line}
	d, err := Read(in)
	if err != nil && d.ID == "" {
		d.ID = idOf(line)
	}
	if d.Source == "" || err != nil {
		d.Source = place
	}
	if d.ID == "" {
		d.ID = place
	}
	return corpus.Raw{Document: d, Warnings: in.Warnings}, err
}

// idOf returns the id of a record whose error is before its id, or "".
func idOf(line []byte) string {
	var members map[string]json.RawMessage
	if json.Unmarshal(line, &members) != nil {
		return ""
	}
	var id any
	d := json.NewDecoder(bytes.NewReader(members["id"]))
	d.UseNumber()
	_ = d.Decode(&id) // another type is no id
	switch id := id.(type) {
	case string:
		return id
	case json.Number:
		return id.String()
	}
	return ""
}

// readLine reads up to a line feed, into the memory of line; what is longer than
// corpus.MaxDocumentBytes is passed over.
func readLine(r *bufio.Reader, line []byte) (_ []byte, long bool, err error) {
	for {
		part, err := r.ReadSlice('\n')
		if len(line)+len(part) > corpus.MaxDocumentBytes {
			line, long = nil, true
		} else if !long {
			line = append(line, part...)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return line, long, err
		}
	}
}

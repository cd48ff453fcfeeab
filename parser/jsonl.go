package parser

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"maps"
	"slices"
	"strings"
	"time"

	"dalil/corpus"
)

// record is one line of JSON Lines. Metadata values may be strings, numbers or
// booleans; they are kept as they are written.
type record struct {
	ID          string                     `json:"id"`
	Title       string                     `json:"title"`
	Text        string                     `json:"text"`
	URL         string                     `json:"url"`
	Source      string                     `json:"source"`
	Language    string                     `json:"language"`
	Author      string                     `json:"author"`
	Tags        []string                   `json:"tags"`
	PublishedAt string                     `json:"published_at"`
	Metadata    map[string]json.RawMessage `json:"metadata"`
}

// parseRecord reads one record. An unknown field is refused by name: a
// misspelt "titel" must not vanish.
func parseRecord(in *input) (corpus.Document, error) {
	text, err := decode(in)
	if err != nil {
		return corpus.Document{}, err
	}
	var r record
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&r); err != nil {
		return corpus.Document{}, corpus.Invalid("record", strings.TrimPrefix(err.Error(), "json: "))
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return corpus.Document{}, corpus.Invalid("record", "has something behind the object")
	}
	return r.document()
}

func (r *record) document() (corpus.Document, error) {
	d := corpus.Document{
		ID: r.ID, Title: r.Title, Text: r.Text, URL: r.URL, Source: r.Source, Language: r.Language, Author: r.Author, Tags: r.Tags,
	}
	if r.PublishedAt != "" {
		if d.PublishedAt = date(r.PublishedAt); d.PublishedAt.IsZero() {
			return d, corpus.Invalid("published_at", fmt.Sprintf("%q is no date; RFC 3339 is %s", r.PublishedAt, time.RFC3339))
		}
	}
	for _, key := range slices.Sorted(maps.Keys(r.Metadata)) {
		value := r.Metadata[key]
		var s string
		switch c := value[0]; {
		case c == '"':
			if err := json.Unmarshal(value, &s); err != nil {
				return d, corpus.Invalid("metadata."+key, err.Error())
			}
		case c == '{' || c == '[':
			return d, corpus.Invalid("metadata."+key, "must be a string, a number or a boolean")
		case c == 'n':
			continue
		default:
			s = string(value)
		}
		if d.Metadata == nil {
			d.Metadata = map[string]string{}
		}
		d.Metadata[key] = s
	}
	return d, nil
}

// JSONLines splits a stream into raws, one for every line that is not blank. A
// record's id is its own, else the source and the line; its source is its own,
// else "source:line". A line that can't be one is yielded with an error that
// names it, and the stream goes on; an error of the reader ends it.
func JSONLines(r io.Reader, source string) iter.Seq2[corpus.Raw, error] {
	return func(yield func(corpus.Raw, error) bool) {
		reader := bufio.NewReaderSize(r, 1<<16)
		for n := 1; ; n++ {
			line, long, err := readLine(reader)
			if err != nil && !errors.Is(err, io.EOF) {
				yield(corpus.Raw{Document: corpus.Document{Source: source}}, fmt.Errorf("line %d: %w", n, err))
				return
			}
			last := err != nil
			place := fmt.Sprintf("%s:%d", source, n)
			line = bytes.TrimSpace(bytes.TrimPrefix(line, []byte("\uFEFF")))
			if long {
				err := corpus.Invalid("record", fmt.Sprintf("has more than %d bytes", MaxBytes))
				if !yield(corpus.Raw{Document: corpus.Document{Source: place}}, err) {
					return
				}
			} else if len(line) > 0 {
				raw, err := rawRecord(line, place)
				if !yield(raw, err) {
					return
				}
			}
			if last {
				return
			}
		}
	}
}

// rawRecord reads a line far enough to name its document; a record of clean
// text needs no further parsing.
func rawRecord(line []byte, place string) (corpus.Raw, error) {
	in := &input{ctx: context.Background(), body: line, charset: "utf-8"}
	d, err := parseRecord(in)
	if d.Source == "" || err != nil {
		d.Source = place
	}
	if d.ID == "" {
		d.ID = place
	}
	return corpus.Raw{Document: d, Warnings: in.warnings}, err
}

// readLine reads up to a line feed; what is longer than MaxBytes is passed
// over.
func readLine(r *bufio.Reader) (line []byte, long bool, err error) {
	for {
		part, err := r.ReadSlice('\n')
		if len(line)+len(part) > MaxBytes {
			line, long = nil, true
		} else if !long {
			line = append(line, part...)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return line, long, err
		}
	}
}

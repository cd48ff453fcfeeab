// Package json reads records: a document as one JSON object, and streams with one
// object a line. Start with [Read].
package json

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"dalil/corpus"
	"dalil/parser/format"
)

// recordFields are the members of a record.
var recordFields = [...]string{"id", "title", "text", "url", "source", "language", "author", "tags", "published_at", "metadata", "expires_at", "visible_from", "source_version", "groups"}

// Bounds on a record's parts.
const (
	maxRecordTags = 1000
	maxMetadata   = 1000
)

// Read reads one record. An unknown member is refused by name, and so is
// one that is written twice: a misspelt "titel", or a "TEXT" beside "text", must
// not vanish.
func Read(in *format.Input) (corpus.Document, error) {
	text, err := format.DecodeUnrepaired(in)
	if err != nil {
		return corpus.Document{}, err
	}
	text = strings.TrimPrefix(text, "\uFEFF")
	tokens := newTokens(text, in.Valid)
	if tokens.decoder != nil { // a plain record has no control characters
		if at := controlAt(text); at >= 0 {
			return corpus.Document{}, corpus.Invalid("record", fmt.Sprintf("contains the control character %s at byte %d; JSON writes it as \\u%04x", controlName(rune(text[at])), at, text[at]))
		}
	}
	r := &record{in: in, source: text, decoder: tokens}
	if err := r.read(); err != nil {
		return r.d, err
	}
	if _, err := r.decoder.Token(); !errors.Is(err, io.EOF) {
		return r.d, corpus.Invalid("record", "has more text after the object; a record is one object, without a comma or another object after it")
	}
	return r.d, nil
}

// record is one record while it is read.
type record struct {
	in      *format.Input
	decoder *tokens
	d       corpus.Document
	source  string // the record as it is written
	halves  int8   // what half found: 0 not looked yet, 1 none, 2 some
}

func (r *record) read() error {
	token, err := r.decoder.Token()
	switch {
	case err != nil:
		return malformed(err)
	case token == json.Delim('['):
		return corpus.Invalid("record", "is a JSON array, not an object; a document is one object")
	case token != json.Delim('{'):
		return corpus.Invalid("record", "is not a JSON object")
	}
	var seen [len(recordFields)]bool
	for r.decoder.More() {
		token, err := r.decoder.Token()
		if err != nil {
			return malformed(err)
		}
		name, _ := token.(string)
		field := slices.Index(recordFields[:], name)
		switch {
		case field < 0:
			return unknown(name)
		case seen[field]:
			return corpus.Invalid(name, "is written twice")
		}
		seen[field] = true
		if err := r.member(name); err != nil {
			return err
		}
	}
	_, err = r.decoder.Token()
	return malformed(err)
}

// unknown is the error of a member that records do not have.
func unknown(name string) error {
	field := fmt.Sprintf("%.80s", name)
	if name == "" || strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsPrint(r) }) {
		field = fmt.Sprintf("%.80q", name)
	}
	if near := corpus.NearestName(name, recordFields[:]); near != "" {
		return corpus.Invalid(field, "is unknown; did you mean "+near+"?")
	}
	return corpus.Invalid(field, "is unknown; the fields are "+strings.Join(recordFields[:], ", "))
}

// half reports whether the record writes half of a surrogate pair, for which the
// decoder silently puts U+FFFD.
func (r *record) half() bool {
	if r.halves == 0 {
		r.halves = 1
		if halfPair(r.source) {
			r.halves = 2
		}
	}
	return r.halves == 2
}

// halfPair reports whether a JSON text holds an escape of a surrogate that is not
// beside its other half.
func halfPair(source string) bool {
	high := -1 // where an escape of a high surrogate ended
	for i := 0; i+1 < len(source); {
		if source[i] != '\\' {
			if i == high {
				return true
			}
			i++
			continue
		}
		var unit uint64
		if source[i+1] == 'u' && i+6 <= len(source) {
			unit, _ = strconv.ParseUint(source[i+2:i+6], 16, 16)
		}
		low := unit >= 0xdc00 && unit < 0xe000
		if low != (i == high) {
			return true
		}
		if i += 2; unit > 0 {
			i += 4
		}
		if unit >= 0xd800 && unit < 0xdc00 {
			high = i
		}
	}
	return false
}

func malformed(err error) error {
	if err == nil {
		return nil
	}
	var syntax *json.SyntaxError
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return corpus.Invalid("record", "is not valid JSON: it ends before the object does")
	case errors.As(err, &syntax):
		return corpus.Invalid("record", fmt.Sprintf("is not valid JSON: there is a mistake near byte %d", syntax.Offset))
	}
	return corpus.Invalid("record", "is not valid JSON")
}

// member reads the value of a field.
func (r *record) member(name string) error {
	switch name {
	case "tags":
		return r.list(name, &r.d.Tags)
	case "groups":
		return r.list(name, &r.d.Groups)
	case "metadata":
		return r.metadata()
	}
	value, null, err := r.scalar(name, name == "id" || name == "source_version")
	if err != nil || null {
		return err
	}
	if strings.Contains(value, string(unicode.ReplacementChar)) && r.half() { // ContainsRune would read all characters
		if name != "text" {
			return corpus.Invalid(name, "contains half of a surrogate pair, which is not a character")
		}
		r.in.Warn("the text contains halves of surrogate pairs, which are not characters; they were replaced")
	}
	if problem := controlIn(value, name == "text" || name == "title" || name == "author"); problem != "" {
		if name != "text" {
			return corpus.Invalid(name, problem)
		}
		r.in.Warn("the text %s; such characters were left out", problem)
	}
	switch name {
	case "id":
		r.d.ID = value
	case "title":
		r.d.Title = value
	case "text":
		if value = r.in.Repaired(value); value == "" {
			return nil // said later, for all formats
		}
		if format.CheckText(value) != nil { // else there is still a letter or symbol when it is clean
			if err := format.CheckText(format.Clean(value)); err != nil {
				return err
			}
		}
		r.d.Text = value
	case "url":
		r.d.URL = value
	case "source":
		r.d.Source = value
	case "language":
		r.d.Language = value
	case "author":
		r.d.Author = value
	case "published_at":
		var problem string
		if r.d.PublishedAt, problem = format.ReadDate(value); strings.HasSuffix(problem, "not understood") {
			return corpus.Invalid(name, fmt.Sprintf("%.40q is not a date of RFC 3339, such as 2024-05-01T12:30:00Z", value))
		} else if problem != "" {
			r.in.Warn("published_at: %s; it was left out", problem)
		}
	case "expires_at":
		return readTime(name, value, &r.d.ExpiresAt)
	case "visible_from":
		return readTime(name, value, &r.d.VisibleFrom)
	case "source_version":
		version, ok := format.ReadVersion(value)
		if !ok {
			return corpus.Invalid(name, fmt.Sprintf("%.40q is not a whole number from 0 to 9223372036854775807", value))
		}
		r.d.SourceVersion = &version
	}
	return nil
}

// readTime reads a time that decides when the document may be found: what is not
// understood is refused.
func readTime(name, value string, to *time.Time) error {
	t, ok := format.ReadTime(value)
	if !ok {
		return corpus.Invalid(name, fmt.Sprintf("%.40q is not a time of RFC 3339, such as 2024-05-01T12:30:00Z", value))
	}
	*to = t
	return nil
}

// scalar reads a string, or where it is allowed a number as it is written.
func (r *record) scalar(name string, numbers bool) (value string, null bool, err error) {
	token, err := r.decoder.Token()
	if err != nil {
		return "", false, malformed(err)
	}
	switch v := token.(type) {
	case string:
		return v, false, nil
	case nil:
		return "", true, nil
	case json.Number:
		if numbers {
			return v.String(), false, nil
		}
	}
	return "", false, corpus.Invalid(name, "must be a string, is "+kindOf(token))
}

// kindOf names what a value is, for an error.
func kindOf(token json.Token) string {
	switch token {
	case nil:
		return "null"
	case json.Delim('['):
		return "an array"
	case json.Delim('{'):
		return "an object"
	case true, false:
		return "a boolean"
	}
	return "a number"
}

// list reads a list of strings, or a single one.
func (r *record) list(name string, to *[]string) error {
	token, err := r.decoder.Token()
	if err != nil {
		return malformed(err)
	}
	switch v := token.(type) {
	case nil:
		return nil
	case string:
		if v != "" || name == "groups" { // an empty group is refused later
			*to = []string{v}
		}
		return nil
	}
	if token != json.Delim('[') {
		return corpus.Invalid(name, "must be a list of strings or one string, is "+kindOf(token))
	}
	for r.decoder.More() {
		field := fmt.Sprintf("%s[%d]", name, len(*to))
		item, _, err := r.scalar(field, true)
		if err != nil {
			return err
		}
		if problem := controlIn(item, false); problem != "" {
			return corpus.Invalid(field, problem)
		}
		if *to = append(*to, item); len(*to) > maxRecordTags {
			return corpus.Invalid(name, fmt.Sprintf("are more than %d", maxRecordTags))
		}
	}
	_, err = r.decoder.Token()
	return malformed(err)
}

// metadata reads keys with their values. A key whose value is null is left out.
func (r *record) metadata() error {
	token, err := r.decoder.Token()
	switch {
	case err != nil:
		return malformed(err)
	case token == nil:
		return nil
	case token != json.Delim('{'):
		return corpus.Invalid("metadata", "must be an object")
	}
	seen := map[string]bool{}
	for r.decoder.More() {
		token, err := r.decoder.Token()
		if err != nil {
			return malformed(err)
		}
		key, _ := token.(string)
		if problem := corpus.KeyProblem(key); problem != "" {
			return corpus.Invalid("metadata", problem)
		}
		field := fmt.Sprintf("metadata.%.80s", key)
		if seen[key] {
			return corpus.Invalid(field, "is written twice")
		}
		if seen[key] = true; len(seen) > maxMetadata {
			return corpus.Invalid("metadata", fmt.Sprintf("has more than %d keys", maxMetadata))
		}
		v, set, err := r.value(field)
		if err != nil {
			return err
		}
		if !set {
			continue
		}
		for _, text := range slices.Concat(v.Items(), []string{key}) {
			if problem := controlIn(text, true); problem != "" {
				return corpus.Invalid(field, problem)
			}
			if strings.ContainsRune(text, unicode.ReplacementChar) && r.half() {
				return corpus.Invalid(field, "contains half of a surrogate pair, which is not a character")
			}
		}
		if r.d.Metadata == nil {
			r.d.Metadata = map[string]corpus.Value{}
		}
		r.d.Metadata[key] = v
	}
	_, err = r.decoder.Token()
	return malformed(err)
}

// value reads a metadata value; not set is null. A list is read item by item, so that
// nothing nested is read at all.
func (r *record) value(field string) (v corpus.Value, set bool, err error) {
	token, err := r.decoder.Token()
	switch {
	case err != nil:
		return v, false, malformed(err)
	case token == nil:
		return v, false, nil
	case token == json.Delim('{'):
		return v, false, corpus.Invalid(field, "must be a string, a number, a boolean or a list of strings, is an object")
	case token != json.Delim('['):
		v, problem := corpus.ParseValue(token)
		if problem != "" {
			return v, false, corpus.Invalid(field, problem)
		}
		return v, true, nil
	}
	items := []string{}
	for r.decoder.More() {
		token, err := r.decoder.Token()
		if err != nil {
			return v, false, malformed(err)
		}
		item, is := token.(string)
		if !is {
			return v, false, corpus.Invalid(field, fmt.Sprintf("must be a list of strings; item %d is %s", len(items), kindOf(token)))
		}
		items = append(items, item)
	}
	_, err = r.decoder.Token()
	return corpus.List(items...), true, malformed(err)
}

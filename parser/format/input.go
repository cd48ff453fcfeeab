// Package format has what the readers of all formats share: the bytes of one
// document with its warnings, charsets, dates, clean text. A format is a folder
// beside this one with a [Reader], and a row in the table of package parser.
package format

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"dalil/corpus"
)

// Reader turns the body of an input into a document: its text, and the fields that
// the body itself declares. Errors are corpus.ErrInvalid and name the field "body" or
// "record". A reader ends soon after in.Ctx, with its error.
type Reader func(in *Input) (corpus.Document, error)

// Input is the body of one document on its way through a reader. It is not safe for
// concurrent use.
type Input struct {
	Ctx      context.Context
	Body     []byte   // at most corpus.MaxDocumentBytes
	Charset  string   // that the media type names; empty: none
	Declared string   // charset that the text itself declares; empty: none
	Valid    bool     // the body has been decoded, and was UTF-8
	Warnings []string // what was guessed, repaired or left out, one sentence each
}

// Warn notes what was guessed, repaired or left out. The same words are noted once.
func (in *Input) Warn(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if !slices.Contains(in.Warnings, text) {
		in.Warnings = append(in.Warnings, text)
	}
}

// Excess is the error of a body that exceeds a limit of its format.
func Excess(limit int, format string, args ...any) error {
	return &corpus.InvalidError{Violations: []corpus.Violation{{
		Field: "body", Description: fmt.Sprintf(format, args...), Limit: fmt.Sprint(limit),
	}}}
}

// MaxTags is how many tags a document takes from what its text declares.
const MaxTags = 64

// Fill sets a field that is empty.
func Fill(to *string, from string) {
	if *to == "" {
		*to = strings.TrimSpace(from)
	}
}

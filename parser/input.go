package parser

import (
	"context"
	"fmt"
	"slices"
)

// input is the body of one document on its way through a format's reader.
type input struct {
	ctx      context.Context
	body     []byte
	charset  string // that the media type names; empty: none
	own      string // that the text itself declares; empty: none
	warnings []string
}

// warn notes what was guessed, repaired or left out. The same words are noted
// once.
func (in *input) warn(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if !slices.Contains(in.warnings, text) {
		in.warnings = append(in.warnings, text)
	}
}

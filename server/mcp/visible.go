package mcp

import (
	"strings"
	"unicode"

	"dalil/corpus"
)

// visible removes characters that a person does not see and a model reads. Offsets count the bytes of the text before.
func visible(text string) string {
	return strings.Map(func(r rune) rune {
		if corpus.Hidden(r) || unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, text)
}

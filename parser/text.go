package parser

import (
	"regexp"
	"strings"
	"unicode"

	"dalil/corpus"
)

// dataURI is a file inside a text.
var dataURI = regexp.MustCompile(`(?i)data:([a-z0-9.+-]+/[a-z0-9.+-]+)?(?:;[a-z0-9.=_-]+)*;base64,(?:[a-z0-9+/=_-]|%[0-9a-f]{2}){32,}`)

// tidied replaces files inside the text, which no reader reads.
func (in *input) tidied(text string) string {
	text = in.repaired(text)
	if !strings.Contains(text, "base64,") && !strings.Contains(text, "BASE64,") {
		return text
	}
	bytes := 0
	out := dataURI.ReplaceAllStringFunc(text, func(s string) string {
		bytes += len(s)
		kind := strings.ToLower(s[len("data:"):strings.IndexByte(s, ';')])
		if kind == "" {
			kind = "text/plain"
		}
		return "[data: " + kind + "]"
	})
	if bytes > 0 {
		in.warn("files inside the text (data: addresses of %d bytes) were left out", bytes)
	}
	return out
}

// checkText refuses a text that nothing can be found in.
func checkText(text string) error {
	if text == "" {
		return corpus.Invalid("text", "is empty")
	}
	if strings.ContainsFunc(text, func(r rune) bool {
		return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsNumber(r) || unicode.IsSymbol(r)
	}) {
		return nil
	}
	return corpus.Invalid("text", "has no letter, digit or symbol")
}

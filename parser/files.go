package parser

import (
	"regexp"
	"strings"

	"dalil/parser/format"
)

// dataURI is a file inside a text.
var dataURI = regexp.MustCompile(`(?i)data:([a-z0-9.+-]+/[a-z0-9.+-]+)?(?:;[a-z0-9.=_-]+)*;base64,(?:[a-z0-9+/=_-]|%[0-9a-f]{2}){32,}`)

// withoutFiles repairs a text, and replaces the files inside it, which no reader reads.
func withoutFiles(in *format.Input, text string) string {
	text = in.Repaired(text)
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
		in.Warn("files inside the text (data: addresses of %d bytes) were left out", bytes)
	}
	return out
}

package parser

import (
	"bytes"
	"net/http"
	"path"
	"strings"
	"unicode/utf8"

	"dalil/parser/format"
)

// MediaType guesses what a file holds, from its name and then its first
// bytes. Bytes that are no text get the type that names them, or
// application/octet-stream.
func MediaType(name string, head []byte) string {
	known := typeOf(strings.ToLower(path.Ext(name)))
	if known != "" && !binary(head) {
		return known
	}
	if format.ByteOrderMark(head) != nil || format.UTF16WithoutMark(head) != nil {
		return "text/plain"
	}
	sniffed := http.DetectContentType(head[:min(len(head), 512)])
	switch {
	case strings.HasPrefix(sniffed, "text/html"):
		return "text/html" // its own charset is read from the page
	case strings.HasPrefix(sniffed, "text/") && !binary(head):
		return "text/plain" // the sniffed charset is a default, not a finding
	case sniffed == "application/octet-stream" && !binary(head):
		return "text/plain"
	}
	return sniffed
}

// binary reports whether the bytes can't be text of any charset read here.
func binary(head []byte) bool {
	if format.ByteOrderMark(head) != nil || format.UTF16WithoutMark(head) != nil {
		return false
	}
	head = head[:min(len(head), 4096)]
	if bytes.IndexByte(head, 0) >= 0 || bytes.HasPrefix(head, []byte("%PDF-")) {
		return true
	}
	controls := 0
	for _, b := range head {
		if b < 0x20 && b != '\n' && b != '\r' && b != '\t' && b != '\f' && b != 0x1b {
			controls++
		}
	}
	return controls*20 > len(head) && !utf8.Valid(head)
}

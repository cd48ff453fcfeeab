package mcp

import (
	"net/url"
	"strings"
	"unicode/utf8"
)

// scheme is what the addresses of documents begin with.
const scheme = "dalil://document/"

// address returns the URI of a document. Everything but the unreserved characters of RFC 3986 is escaped, as the
// template of the resource asks for.
func address(documentID string) string {
	return scheme + strings.ReplaceAll(url.QueryEscape(documentID), "+", "%20")
}

// documentOf returns the id of the document that a URI names.
func documentOf(uri string) (string, bool) {
	escaped, ok := strings.CutPrefix(uri, scheme)
	if !ok || escaped == "" {
		return "", false
	}
	id, err := url.PathUnescape(escaped)
	return id, err == nil && utf8.ValidString(id)
}

package chunker

import (
	"strings"
	"unicode/utf8"

	"dalil/corpus"
)

// Limits for the context of a table's rows: bytes, and a share of Max.
const (
	maxCaption   = 300
	maxContext   = 1024
	contextShare = 3
)

// table returns the table whose first row is the scanner's line, which ends at
// end: a header, a line of dashes and rows, or at least two lines with cells. A
// line of prose right before it is its caption.
func (s *blockScanner) table(end int) (block, bool) {
	next := lineEnd(s.text, end)
	b := block{kind: table, span: corpus.Span{Start: s.at}, body: s.at}
	switch {
	case isDelimiter(s.text[end:next]):
		b.body, end = next, next
	case !isRow(s.text[s.at:end]) || !isRow(s.text[end:next]):
		return block{}, false
	}
	if s.lines == 1 && s.last >= s.prose && s.at-s.last <= maxCaption {
		b.span.Start = s.last
	}
	for end < len(s.text) {
		next := lineEnd(s.text, end)
		if strings.IndexByte(s.text[end:next], '|') < 0 {
			break
		}
		end = next
	}
	b.span.End = blankEnd(s.text, end)
	return b, true
}

// isDelimiter reports whether a line is the rule between header and rows.
func isDelimiter(line string) bool {
	line = strings.TrimSpace(line)
	return strings.IndexByte(line, '|') >= 0 && strings.Contains(line, "-") && strings.Trim(line, "-:| \t") == ""
}

// isRow reports whether a line has cells.
func isRow(line string) bool { return strings.Contains(line, " | ") }

// contextOf returns the caption and header of a table, as far as they fit.
func (c *Chunker) contextOf(text string, b block) string {
	head := strings.TrimSpace(text[b.span.Start:b.body])
	if i := strings.LastIndexByte(head, '\n'); i >= 0 && isDelimiter(head[i+1:]) {
		head = strings.TrimSpace(head[:i])
	}
	most := c.options.Max / contextShare
	for head != "" && (len(head) > maxContext || c.options.Count(head) > most) {
		at := min(strings.LastIndexByte(head[:len(head)-1], '|'), maxContext)
		if at < 0 {
			return ""
		}
		for at > 0 && !utf8.RuneStart(head[at]) {
			at--
		}
		head = strings.TrimSpace(head[:at])
	}
	return head
}

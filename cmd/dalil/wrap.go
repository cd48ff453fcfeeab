package main

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/displaywidth"
	"golang.org/x/text/unicode/bidi"

	dalilv1 "dalil/proto/dalil/v1"
)

// mark is a half-open range of bytes.
type mark struct{ start, end int }

// line is one line of a passage with the matches in it.
type line struct {
	text  string
	marks []mark
}

func spans(highlights []*dalilv1.Highlight) []mark {
	marks := make([]mark, len(highlights))
	for i, h := range highlights {
		marks[i] = mark{int(h.GetStart()), int(h.GetEnd())}
	}
	return marks
}

// wrap breaks text at white space into lines of at most width columns, and adjusts
// the marks to the lines. A word wider than a line gets a line of its own. Each
// mark takes markWidth additional columns.
func wrap(text string, marks []mark, width, markWidth int) []line {
	var lines []line
	var current line
	columns, next := 0, 0
	for start := 0; start < len(text); {
		end := start + strings.IndexFunc(text[start:], unicode.IsSpace)
		if end < start {
			end = len(text)
		}
		if end == start {
			_, size := utf8.DecodeRuneInString(text[start:])
			start += size
			continue
		}
		word := text[start:end]
		wide := displaywidth.String(word)
		for i := next; i < len(marks) && marks[i].start < end; i++ {
			wide += markWidth
		}
		if columns > 0 && columns+1+wide > width {
			lines = append(lines, current)
			current, columns = line{}, 0
		}
		if columns > 0 {
			current.text += " "
			columns++
		}
		shift := len(current.text) - start
		for ; next < len(marks) && marks[next].start < end; next++ {
			m := mark{max(marks[next].start, start) + shift, min(marks[next].end, end) + shift}
			current.marks = append(current.marks, m)
			if marks[next].end > end {
				break // the mark continues in the next word
			}
		}
		current.text += printable(word)
		columns += wide
		start = end
	}
	if current.text != "" {
		lines = append(lines, current)
	}
	return lines
}

// printable replaces the characters that a terminal would interpret: a document
// must not move the cursor or change the direction of the text that follows. It
// keeps the length in bytes, so marks stay valid.
func printable(s string) string {
	clean := func(r rune) rune {
		switch {
		case !steers(r) && r != '\n' && r != '\t':
			return r
		case utf8.RuneLen(r) == 1:
			return '?'
		case utf8.RuneLen(r) == 2: // C1 controls
			return '\u00b7'
		}
		return '\u200b' // zero width space
	}
	return strings.Map(clean, s)
}

func oneLine(s string) string { return printable(strings.Join(strings.Fields(s), " ")) }

// densest returns the index at which the n consecutive lines with the most matches begin.
func densest(lines []line, n int) int {
	best, most, sum := 0, -1, 0
	for i := range lines {
		sum += len(lines[i].marks)
		if i >= n {
			sum -= len(lines[i-n].marks)
		}
		if i >= n-1 && sum > most {
			best, most = i-n+1, sum
		}
	}
	return best
}

// rightToLeft reports whether the first letter with a direction is written from
// right to left (UAX 9, rules P2 and P3).
func rightToLeft(s string) bool {
	for _, r := range s {
		switch p, _ := bidi.LookupRune(r); p.Class() {
		case bidi.R, bidi.AL:
			return true
		case bidi.L:
			return false
		}
	}
	return false
}

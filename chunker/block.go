package chunker

import (
	"strings"

	"dalil/corpus"
)

// kind says what a block of lines is.
type kind uint8

const (
	prose kind = iota
	heading
	code
	table
)

// block is a run of whole lines, with the blank lines behind it.
type block struct {
	kind kind
	span corpus.Span
	body int // of a table: where the first row behind caption and header begins
}

// blocks walks over the blocks of a text in order; they cover it. What a fence
// holds is code, whatever it looks like.
func blocks(text string, yield func(block) bool) {
	s := blockScanner{text: text, blank: true}
	for s.at < len(text) {
		b, found := s.special()
		if !found {
			s.line()
			continue
		}
		if s.prose < b.span.Start && !yield(block{kind: prose, span: corpus.Span{Start: s.prose, End: b.span.Start}}) || !yield(b) {
			return
		}
		s.at, s.prose = b.span.End, b.span.End
		s.blank, s.lines = true, 0
	}
	if s.prose < len(text) {
		yield(block{kind: prose, span: corpus.Span{Start: s.prose, End: len(text)}})
	}
}

type blockScanner struct {
	text  string
	at    int    // a line begins here
	prose int    // where the prose before it begins
	blank bool   // the line before is blank, a block, or none
	lines int    // of the paragraph so far
	last  int    // where the line before begins
	open  [2]int // lengths from which a fence of ` or ~ is known to have no end; 0: none is
}

// line takes the next line for prose.
func (s *blockScanner) line() {
	end := lineEnd(s.text, s.at)
	s.blank = strings.TrimSpace(s.text[s.at:end]) == ""
	if s.blank {
		s.lines = 0
	} else {
		s.lines++
	}
	s.last, s.at = s.at, end
}

// special returns the block that begins at the scanner's line, if it is one.
func (s *blockScanner) special() (block, bool) {
	end := lineEnd(s.text, s.at)
	line := s.text[s.at:end]
	trimmed := strings.TrimSpace(line)
	switch {
	case trimmed == "":
		return block{}, false
	case trimmed[0] == '`' || trimmed[0] == '~':
		if close := s.fenceEnd(line, end); close > 0 {
			return block{kind: code, span: corpus.Span{Start: s.at, End: blankEnd(s.text, close)}}, true
		}
	case trimmed[0] == '#' && s.blank && headingLevel(trimmed) > 0:
		return block{kind: heading, span: corpus.Span{Start: s.at, End: blankEnd(s.text, end)}}, true
	case strings.IndexByte(trimmed, '|') >= 0:
		return s.table(end)
	}
	return block{}, false
}

// fence returns the mark and the length of the fence that opens or closes code;
// 0 where the line is none.
func fence(line string) (mark byte, length int, info string) {
	rest := strings.TrimLeft(line, " ")
	if len(line)-len(rest) > 3 || rest == "" || rest[0] != '`' && rest[0] != '~' {
		return 0, 0, ""
	}
	mark = rest[0]
	for length < len(rest) && rest[length] == mark {
		length++
	}
	info = strings.TrimSpace(rest[length:])
	if length < 3 || mark == '`' && strings.IndexByte(info, '`') >= 0 {
		return 0, 0, ""
	}
	return mark, length, info
}

// fenceEnd is where the code that the line opens ends, with its closing fence; 0
// where it opens none or is never closed.
func (s *blockScanner) fenceEnd(line string, at int) int {
	mark, length, _ := fence(line)
	if length == 0 {
		return 0
	}
	open := &s.open[0]
	if mark == '~' {
		open = &s.open[1]
	}
	if *open > 0 && length >= *open {
		return 0
	}
	for at < len(s.text) {
		end := lineEnd(s.text, at)
		if m, n, info := fence(s.text[at:end]); m == mark && n >= length && info == "" {
			return end
		}
		at = end
	}
	*open = length
	return 0
}

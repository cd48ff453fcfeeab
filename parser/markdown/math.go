package markdown

import (
	"bytes"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// mathParser leaves formulas as they are written: $…$ (its ends touch neither
// white space nor, behind it, a digit: "$5 and $10" is none), $$…$$, \(…\) and
// \[…\].
type mathParser struct{}

func (mathParser) Trigger() []byte { return []byte{'$', '\\'} }

func (mathParser) Parse(_ ast.Node, block text.Reader, _ parser.Context) ast.Node {
	line, _ := block.PeekLine()
	start, end := mathMarks(line)
	if start == "" {
		return nil
	}
	var formula bytes.Buffer
	formula.WriteString(start)
	block.Advance(len(start))
	for lines := 0; lines < maxFormulaLines; lines++ {
		line, _ := block.PeekLine()
		if line == nil {
			return nil
		}
		if at := mathEnd(line, end, lines == 0); at >= 0 {
			formula.Write(line[:at+len(end)])
			block.Advance(at + len(end))
			s := ast.NewString(formula.Bytes())
			s.SetRaw(true)
			return s
		}
		if end == "$" && lines > 0 {
			return nil
		}
		formula.Write(line)
		block.AdvanceLine()
	}
	return nil
}

// maxFormulaLines bounds how far the end of a formula is looked for.
const maxFormulaLines = 64

func mathMarks(line []byte) (start, end string) {
	switch {
	case bytes.HasPrefix(line, []byte("$$")):
		return "$$", "$$"
	case bytes.HasPrefix(line, []byte(`\(`)):
		return `\(`, `\)`
	case bytes.HasPrefix(line, []byte(`\[`)):
		return `\[`, `\]`
	case line[0] == '$':
		if r, _ := utf8.DecodeRune(line[1:]); len(line) > 1 && !unicode.IsSpace(r) {
			return "$", "$"
		}
	}
	return "", ""
}

// mathEnd is where the end of a formula begins in a line, -1 where it does not.
func mathEnd(line []byte, end string, first bool) int {
	for from := 0; ; {
		i := bytes.Index(line[from:], []byte(end))
		if i < 0 {
			return -1
		}
		at := from + i
		if end != "$" {
			if !first || at > 0 {
				return at
			}
			return -1
		}
		before, _ := utf8.DecodeLastRune(line[:at])
		after, _ := utf8.DecodeRune(line[at+1:])
		if at > 0 && before != '\\' && !unicode.IsSpace(before) && !unicode.IsDigit(after) {
			return at
		}
		from = at + 1
	}
}

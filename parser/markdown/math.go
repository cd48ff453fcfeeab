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

func (mathParser) Parse(_ ast.Node, block text.Reader, pc parser.Context) ast.Node {
	line, first := block.PeekLine()
	start, end := mathMarks(line)
	if start == "" || end == "$" && noFormula(pc, first) {
		return nil
	}
	var formula bytes.Buffer
	formula.WriteString(start)
	block.Advance(len(start))
	for lines := 0; lines < maxFormulaLines; lines++ {
		line, _ := block.PeekLine()
		if line == nil {
			if end == "$" {
				pc.Set(formulaSought, first)
			}
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
			pc.Set(formulaSought, first)
			return nil
		}
		formula.Write(line)
		block.AdvanceLine()
	}
	return nil
}

// formulaSought is the rest of a line in which, and in the line behind which, the end of a formula
// in single marks was looked for and is not. Then there is none for the later marks of the line.
var formulaSought = parser.NewContextKey()

// noFormula reports whether it is known that no formula in single marks begins with a rest of a line.
func noFormula(pc parser.Context, line text.Segment) bool {
	sought, known := pc.Get(formulaSought).(text.Segment)
	return known && sought.Stop == line.Stop && sought.Start <= line.Start
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

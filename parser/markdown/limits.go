package markdown

import (
	"bytes"
	"context"
	"strings"

	"dalil/parser/format"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// Bounds on Markdown. The library keeps a node for every line, mark and cell, and
// looks for the end of each mark through the rest of its paragraph.
const (
	maxMarkers     = 100           // blocks that one line opens
	maxBlockLinks  = 2_000         // in one paragraph
	maxEmphasis    = 10_000        // marks in one paragraph
	maxDefinitions = 10_000        // of links
	maxElements    = 500_000       // paragraphs, markers, marks and cells
	maxWork        = 2_000_000_000 // marks times the bytes of their paragraph
	maxNoteWork    = 100_000_000   // footnotes times what may refer to them
	freeCells      = 10_000        // of a table whose rows are shorter than its header
)

// checkMarkdown looks at the lines alone, before anything is built: at what opens
// blocks, at headings, and at how many lines there are. Lines of code in fences at
// the margin count less.
func checkMarkdown(ctx context.Context, source string) error {
	notes := 0
	elements, n, blank := 0, 0, true // elements in quarters: a line of a paragraph is one
	var fence string                 // the open one
	for line := range strings.SplitSeq(source, "\n") {
		if n++; n%4096 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if fence != "" {
			if rest := strings.TrimRight(line, " \t"); len(rest) >= len(fence) && strings.Trim(rest, fence[:1]) == "" {
				fence = ""
			}
			elements += 1 + strings.Count(line, "> ")/4
			if elements > 5*maxElements {
				return format.Excess(maxElements, "has more than %d Markdown elements", maxElements)
			}
			continue
		}
		if strings.HasPrefix(line, "```") || strings.HasPrefix(line, "~~~") {
			fence = line[:len(line)-len(strings.TrimLeft(line, line[:1]))]
		}
		markers, rest := blockMarkers(line)
		if strings.HasPrefix(rest, "[^") && strings.Contains(rest, "]:") {
			notes++
		}
		if markers > maxMarkers {
			return format.Excess(maxMarkers, "nests more than %d Markdown blocks in a line", maxMarkers)
		}
		if elements += 1 + 4*markers; blank && rest != "" {
			elements += 4
		}
		blank = rest == ""
		if strings.HasPrefix(rest, "#") && len(rest) > 1<<12 {
			if err := checkParagraph([]byte(rest)); err != nil {
				return err
			}
		}
		if elements > 5*maxElements {
			return format.Excess(maxElements, "has more than %d Markdown elements", maxElements)
		}
	}
	if references := strings.Count(source, "[^"); notes*references > maxNoteWork {
		return format.Excess(maxNoteWork, "has too many footnotes (%d, and %d references)", notes, references)
	}
	return nil
}

// blockMarkers counts the quotes and list items that a line opens.
func blockMarkers(line string) (n int, rest string) {
	rest = strings.TrimSpace(line)
	for {
		marker := 0
		for marker < len(rest) && marker < 9 && rest[marker] >= '0' && rest[marker] <= '9' {
			marker++
		}
		if marker < len(rest) && (marker == 0 && strings.IndexByte(">-*+:", rest[marker]) >= 0 || marker > 0 && strings.IndexByte(".)", rest[marker]) >= 0) {
			after := rest[marker+1:]
			if rest[marker] == '>' || strings.HasPrefix(after, " ") || strings.HasPrefix(after, "\t") {
				n, rest = n+1, strings.TrimLeft(after, " \t")
				continue
			}
		}
		return n, rest
	}
}

// paragraphGuard sees each paragraph as the library does, before it looks for
// links and emphasis, and empties those that would take too long.
type paragraphGuard struct {
	ctx         context.Context
	err         error
	elements    int
	work        int
	definitions int
	padding     int // cells of tables that their rows do not have
}

// Transform implements parser.ASTTransformer for paragraphs.
func (g *paragraphGuard) Transform(p *ast.Paragraph, reader text.Reader, _ parser.Context) {
	if g.err == nil {
		g.err = g.ctx.Err()
	}
	if g.err == nil {
		g.err = g.check(p.Lines(), reader.Source())
	}
	if g.err != nil {
		p.Lines().SetSliced(0, 0)
	}
}

func (g *paragraphGuard) check(lines *text.Segments, source []byte) error {
	if lines.Len() == 0 {
		return nil
	}
	header := lines.At(max(0, min(lines.Len()-1, 0)))
	isTable, tableAt := false, 0
	for i := 1; i < lines.Len() && !isTable; i++ { // a table may follow a line of text
		segment := lines.At(i)
		if isTable = isTableRule(segment.Value(source)); isTable {
			header, tableAt = lines.At(i-1), i
		}
	}
	columns := bytes.Count(header.Value(source), []byte("|")) + 1
	bytesOf, marks := 0, marksOf{}
	for i := range lines.Len() {
		segment := lines.At(i)
		line := segment.Value(source)
		if line := bytes.TrimLeft(line, " "); len(line) > 0 && line[0] == '[' && bytes.Contains(line, []byte("]:")) {
			if g.definitions++; g.definitions > maxDefinitions {
				return format.Excess(maxDefinitions, "has more than %d link definitions", maxDefinitions)
			}
		}
		if isTable && i >= tableAt-1 {
			cells := bytes.Count(line, []byte("|")) + 1
			g.elements += max(cells, columns)
			if g.padding += max(columns-cells, 0); g.padding > freeCells+len(source)/2 {
				return format.Excess(freeCells+len(source)/2, "has a table whose rows are shorter than its header by more than %d cells in all", freeCells+len(source)/2)
			}
			one := marksOf{}
			one.count(line)
			g.work += one.all() * len(line)
		} else {
			marks.count(line)
			bytesOf += len(line)
		}
	}
	g.elements += marks.all()/2 + 1 + lines.Len()/4
	g.work += marks.all() * bytesOf
	switch {
	case marks.links > maxBlockLinks:
		return format.Excess(maxBlockLinks, "has more than %d links in one paragraph", maxBlockLinks)
	case marks.emphasis > maxEmphasis:
		return format.Excess(maxEmphasis, "has more than %d marks of emphasis in one paragraph", maxEmphasis)
	case g.elements > maxElements:
		return format.Excess(maxElements, "has more than %d Markdown elements", maxElements)
	case g.work > maxWork:
		return format.Excess(maxWork, "has paragraphs with too many marks for their length (%d marks in %d bytes)", marks.all(), bytesOf)
	}
	return nil
}

// checkParagraph is check for the text of one heading.
func checkParagraph(line []byte) error {
	g := &paragraphGuard{}
	lines := text.NewSegments()
	lines.Append(text.NewSegment(0, len(line)))
	return g.check(lines, line)
}

// isTableRule is the library's own test, a little wider.
func isTableRule(line []byte) bool {
	return bytes.IndexByte(line, '-') >= 0 && len(bytes.Trim(line, "-:| \t\r\n")) == 0 && bytes.ContainsAny(line, "|:")
}

// marksOf counts what may begin something that ends later.
type marksOf struct{ links, emphasis, brackets, ticks, others int }

func (m *marksOf) count(line []byte) {
	m.links += bytes.Count(line, []byte("]("))
	for i, c := range line {
		switch c {
		case '*', '_', '~':
			m.emphasis++
		case '[':
			m.brackets++
		case '`':
			if i == 0 || line[i-1] != '`' {
				m.ticks++
			}
		case '<', '$', '&', ':':
			m.others++
		case '\\':
			if i+1 < len(line) && (line[i+1] == '(' || line[i+1] == '[') { // a formula
				m.others++
			}
		}
	}
}

func (m *marksOf) all() int { return m.emphasis + m.brackets + m.ticks + m.others }

package html

import (
	"strings"

	"dalil/parser/format"

	"golang.org/x/net/html"
)

// row is one row of a table.
type row struct {
	cells  []string
	header bool
}

// table writes a table of data: its caption, its header with a rule, a line for
// each row. It reports false for a table that is there for the layout, whose
// cells are blocks.
func (w *htmlWriter) table(n *html.Node) bool {
	role := attribute(n, "role")
	if role == "presentation" || role == "none" {
		return false
	}
	if w.drop != nil {
		kept := false
		for c := range n.Descendants() {
			kept = kept || c.Type == html.TextNode && strings.TrimSpace(c.Data) != "" && !w.drop[blockOf(c)]
		}
		if !kept {
			return true
		}
	}
	caption, rows, columns, down := "", []row(nil), 0, spans{left: maxSpanned}
	for c := range n.Descendants() {
		if c.Type != html.ElementNode {
			continue
		}
		switch c.Data {
		case "table", "ul", "ol", "pre", "h1", "h2", "h3":
			return false
		case "caption":
			caption = cellText(c)
		case "tr":
			r, ok := readRow(c, &down)
			if !ok {
				return false
			}
			if strings.Join(r.cells, "") != "" {
				rows = append(rows, r)
				columns = max(columns, len(r.cells))
			}
		}
	}
	if columns < 2 || len(rows) == 0 {
		return false
	}
	w.mark = ""
	w.raw(formatTable(caption, rows))
	return true
}

// formatTable writes a table in the lines that the chunker reads.
func formatTable(caption string, rows []row) string {
	var b strings.Builder
	if caption != "" {
		b.WriteString(caption + "\n")
	}
	for i, r := range rows {
		b.WriteString(strings.Join(r.cells, " | "))
		b.WriteByte('\n')
		if i == 0 && r.header && len(rows) > 1 && len(r.cells) > 1 {
			b.WriteString(format.TableRule(len(r.cells)))
		}
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func readRow(tr *html.Node, down *spans) (row, bool) {
	r := row{header: tr.Parent != nil && tr.Parent.Data == "thead"}
	heads, own := 0, 0
	for c := tr.FirstChild; c != nil; c = c.NextSibling {
		if c.Type != html.ElementNode || c.Data != "td" && c.Data != "th" {
			continue
		}
		text := cellText(c)
		if len(text) > format.MaxCell {
			return r, false
		}
		if c.Data == "th" {
			heads++
		}
		own++
		r.cells = down.above(r.cells)
		r.cells = down.add(r.cells, text, spanOf(c, "rowspan"), spanOf(c, "colspan"), c.Data == "th")
	}
	if own > 0 {
		r.cells = down.above(r.cells)
	}
	r.header = r.header || heads > 0 && heads == own
	return r, true
}

// cellText is a cell in one line.
func cellText(n *html.Node) string {
	return strings.Join(strings.Fields(textOf(&html.Node{Type: html.DocumentNode, FirstChild: n.FirstChild}, nil)), " ")
}

// preformatted writes code in a fence, and other text with its own lines.
func (w *htmlWriter) preformatted(n *html.Node) {
	if w.drop != nil && w.drop[n] && !anyKept(n, w.drop) {
		return
	}
	text := strings.Trim(preText(n), "\n")
	if strings.TrimSpace(text) == "" {
		return
	}
	language, code := codeLanguage(n)
	w.mark = ""
	if !code && !looksMarked(text) {
		w.raw(text)
		return
	}
	w.raw(fenced(language, text))
}

// looksMarked reports whether text with its own lines would read as headings,
// tables or fences of clean text.
func looksMarked(text string) bool {
	for line := range strings.SplitSeq(text, "\n") {
		line = strings.TrimLeft(line, " ")
		if strings.HasPrefix(line, "#") || strings.HasPrefix(line, "```") || strings.HasPrefix(line, "~~~") || strings.HasPrefix(line, "---") {
			return true
		}
	}
	return false
}

func anyKept(n *html.Node, drop map[*html.Node]bool) bool {
	for c := range n.Descendants() {
		if c.Type == html.TextNode && !drop[blockOf(c)] {
			return true
		}
	}
	return false
}

func preText(n *html.Node) string {
	var b strings.Builder
	for c := range n.Descendants() {
		switch {
		case c.Type == html.TextNode:
			b.WriteString(c.Data)
		case c.Type == html.ElementNode && c.Data == "br":
			b.WriteByte('\n')
		}
	}
	return strings.ReplaceAll(b.String(), "\r\n", "\n")
}

// codeLanguage reports whether preformatted text is code, and in which language.
func codeLanguage(n *html.Node) (language string, code bool) {
	look := func(class string) {
		for name := range strings.FieldsSeq(class) {
			for _, prefix := range []string{"language-", "lang-", "highlight-source-", "brush:"} {
				if l, found := strings.CutPrefix(strings.ToLower(name), prefix); found && l != "" {
					language, code = l, true
				}
			}
			code = code || strings.Contains(name, "highlight") || name == "code" || name == "prettyprint" || name == "sourceCode"
		}
	}
	look(attribute(n, "class"))
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode && (c.Data == "code" || c.Data == "samp" || c.Data == "kbd") {
			code = true
			look(attribute(c, "class"))
		}
	}
	if p := n.Parent; p != nil && !code {
		look(attribute(p, "class"))
	}
	return language, code
}

// fenced sets code between fences that it does not hold itself.
func fenced(language, code string) string {
	mark := strings.Repeat("`", max(3, longestRun(code, '`')+1))
	if len(mark) > 20 {
		mark = strings.Repeat("~", max(3, longestRun(code, '~')+1))
	}
	if strings.ContainsAny(language, " `\n\t") {
		language = ""
	}
	return mark + language + "\n" + strings.TrimRight(code, "\n") + "\n" + mark
}

func longestRun(s string, mark byte) int {
	most, run := 0, 0
	for i := range len(s) {
		if s[i] != mark {
			run = 0
			continue
		}
		run++
		most = max(most, run)
	}
	return most
}

package html

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"dalil/parser/format"

	"golang.org/x/net/html"
)

// htmlWriter writes a tree as clean text: headings in Markdown's form, tables as
// lines of cells, code in fences, lists with their marks.
type htmlWriter struct {
	out   strings.Builder
	last  rune // written; 0: none
	space bool // a space is due before the next word
	lines int  // line feeds due before the next word: 0 to 2
	pre   int  // open elements that keep white space
	lists []listLevel
	mark  string              // of a list item, due before its first word
	drop  map[*html.Node]bool // blocks whose own text is left out; nil: none
	block *html.Node          // the innermost block around the text
}

type listLevel struct {
	ordered bool
	number  int
}

// textOf writes a whole tree.
func textOf(n *html.Node, drop map[*html.Node]bool) string {
	w := &htmlWriter{drop: drop}
	w.node(n)
	return w.out.String()
}

// inline elements continue a line; all others begin one.
var inline = map[string]bool{
	"a": true, "abbr": true, "acronym": true, "b": true, "bdi": true, "bdo": true, "big": true, "br": true, "cite": true, "code": true, "data": true, "del": true,
	"dfn": true, "em": true, "font": true, "i": true, "img": true, "ins": true, "kbd": true, "label": true, "mark": true, "math": true, "meter": true, "nobr": true,
	"output": true, "picture": true, "progress": true, "q": true, "rb": true, "ruby": true, "s": true, "samp": true, "small": true, "source": true, "span": true,
	"strike": true, "strong": true, "sub": true, "sup": true, "time": true, "tt": true, "u": true, "var": true, "wbr": true, "rt": true, "slot": true,
}

// apart elements have a blank line around them.
var apart = map[string]bool{
	"p": true, "h1": true, "h2": true, "h3": true, "h4": true, "h5": true, "h6": true, "ul": true, "ol": true, "dl": true, "table": true, "blockquote": true,
	"pre": true, "figure": true, "article": true, "section": true, "hr": true, "details": true, "address": true,
}

func (w *htmlWriter) children(n *html.Node) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		w.node(c)
	}
}

func (w *htmlWriter) node(n *html.Node) {
	switch n.Type {
	case html.TextNode:
		if w.drop == nil || !w.drop[w.block] {
			w.text(n.Data)
		}
		return
	case html.ElementNode:
	default:
		w.children(n)
		return
	}
	if inline[n.Data] && n.Namespace == "" || n.Namespace == "math" {
		w.inline(n)
		return
	}
	around := w.block
	w.block = n
	lines := 1
	if apart[n.Data] && len(w.lists) == 0 {
		lines = 2
	}
	if n.Data == "body" || n.Data == "html" {
		lines = 0
	}
	w.lines = max(w.lines, lines)
	w.element(n)
	w.lines, w.space = max(w.lines, lines), false
	w.block = around
}

func (w *htmlWriter) element(n *html.Node) {
	switch n.Data {
	case "h1", "h2", "h3", "h4", "h5", "h6":
		w.heading(n)
	case "ul", "ol", "menu":
		l := listLevel{ordered: n.Data == "ol", number: 1}
		if start := attribute(n, "start"); start != "" {
			fmt.Sscan(start, &l.number)
		}
		w.lists = append(w.lists, l)
		w.children(n)
		w.lists, w.mark = w.lists[:len(w.lists)-1], ""
		if len(w.lists) == 0 {
			w.lines = 2
		}
	case "li":
		w.item(n)
		w.children(n)
	case "dd":
		w.mark = ": "
		w.children(n)
		w.mark = ""
	case "table":
		if !w.table(n) {
			w.children(n)
		}
	case "pre":
		w.preformatted(n)
	default:
		w.children(n)
	}
}

func (w *htmlWriter) heading(n *html.Node) {
	title := strings.Join(strings.Fields(textOf(&html.Node{Type: html.DocumentNode, FirstChild: n.FirstChild}, nil)), " ")
	if title == "" || w.drop != nil && w.drop[n] {
		return
	}
	w.mark = ""
	if len(w.lists) == 0 {
		w.raw(strings.Repeat("#", int(n.Data[1]-'0')) + " " + title)
	} else {
		w.raw(title)
	}
}

func (w *htmlWriter) item(n *html.Node) {
	depth := len(w.lists)
	if depth == 0 {
		w.mark = "- "
		return
	}
	l := &w.lists[depth-1]
	w.mark = strings.Repeat("  ", min(depth-1, 8))
	if !l.ordered {
		w.mark += "- "
		return
	}
	if value := attribute(n, "value"); value != "" {
		fmt.Sscan(value, &l.number)
	}
	w.mark += fmt.Sprintf("%d. ", l.number)
	l.number++
}

func (w *htmlWriter) inline(n *html.Node) {
	switch n.Data {
	case "br":
		if w.out.Len() > 0 {
			w.lines = min(max(w.lines, 0)+1, 2)
			w.space = false
		}
	case "img":
		if w.drop == nil || !w.drop[w.block] {
			w.image(n)
		}
	case "q":
		w.text("“")
		w.children(n)
		w.text("”")
	case "sup":
		w.superscript(n)
	case "math":
		w.math(n)
	default:
		w.children(n)
	}
}

// image writes what an image is described as.
func (w *htmlWriter) image(n *html.Node) {
	alt := strings.TrimSpace(attribute(n, "alt"))
	if format.Letters(alt) < 2 || attribute(n, "role") == "presentation" || attribute(n, "role") == "none" || isFileName(alt) {
		return
	}
	w.space = w.space || w.last != 0
	w.text(alt)
	w.space = true
}

func isFileName(s string) bool {
	if strings.ContainsAny(s, " \t\n") {
		return false
	}
	for _, extension := range []string{".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".avif"} {
		if strings.HasSuffix(strings.ToLower(s), extension) {
			return true
		}
	}
	return false
}

// superscript keeps a power and a note apart from what they follow: 10^6, m^2,
// lighthouse [1]; the ending of an ordinal stays with its number.
func (w *htmlWriter) superscript(n *html.Node) {
	content := strings.Join(strings.Fields(innerText(n)), " ")
	if content == "" || w.drop != nil && w.drop[w.block] {
		w.children(n)
		return
	}
	first, _ := utf8.DecodeRuneInString(content)
	numeric := strings.Trim(content, "0123456789٠١٢٣٤٥٦٧٨٩,–-+−* []()†‡") == ""
	note := strings.HasPrefix(content, "[") || strings.HasPrefix(attributeBelow(n, "a", "href"), "#") || strings.Contains(attribute(n, "class"), "ref") || strings.Contains(attribute(n, "class"), "note")
	before := wordBefore(w.out.String())
	switch {
	case w.space || w.lines > 0 || before == "":
		w.text(content)
	case note || numeric && utf8.RuneCountInString(before) > 3 && !isNumber(before):
		w.space = true
		if first == '[' || first == '(' || !numeric {
			w.text(content)
		} else {
			w.text("[" + content + "]")
		}
	case ordinals[strings.ToLower(content)] && (isNumber(before) || utf8.RuneCountInString(content) > 1 || unicode.IsUpper([]rune(before)[0]) && utf8.RuneCountInString(before) == 1):
		w.text(content)
	case numeric || isNumber(before) || utf8.RuneCountInString(before) == 1:
		if utf8.RuneCountInString(content) > 1 && !isNumber(content) {
			content = "(" + content + ")"
		}
		w.text("^" + content)
	default:
		w.space = true
		w.text(content)
	}
}

var ordinals = map[string]bool{
	"st": true, "nd": true, "rd": true, "th": true, "e": true, "er": true, "re": true, "ère": true, "ème": true, "o": true, "a": true, "me": true, "lle": true, "mme": true,
}

func isNumber(s string) bool {
	return s != "" && strings.IndexFunc(s, func(r rune) bool {
		return !unicode.IsDigit(r) && r != '.' && r != ',' && r != '-' && r != '+' && r != '−'
	}) < 0
}

// wordBefore is the run of letters and digits that a text ends with.
func wordBefore(s string) string {
	at := len(s)
	for at > 0 && len(s)-at < 64 {
		r, size := utf8.DecodeLastRuneInString(s[:at])
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) && r != ')' && r != '.' && r != ',' {
			break
		}
		at -= size
	}
	return strings.TrimRight(s[at:], ".,")
}

func attributeBelow(n *html.Node, element, key string) string {
	for c := range n.Descendants() {
		if c.Type == html.ElementNode && c.Data == element {
			return attribute(c, key)
		}
	}
	return ""
}

// math writes a formula as its TeX where the page has it.
func (w *htmlWriter) math(n *html.Node) {
	for c := range n.Descendants() {
		if c.Type == html.ElementNode && c.Data == "annotation" && strings.Contains(attribute(c, "encoding"), "tex") {
			w.text("$" + strings.TrimSpace(innerText(c)) + "$")
			return
		}
	}
	if alt := attribute(n, "alttext"); alt != "" && w.pre == 0 {
		w.text("$" + alt + "$")
		return
	}
	w.children(n)
}

// text writes words, with white space folded.
func (w *htmlWriter) text(s string) {
	if w.pre > 0 {
		w.raw(s)
		return
	}
	for s != "" {
		i := strings.IndexFunc(s, isBlank)
		if i < 0 {
			i = len(s)
		}
		if i > 0 {
			w.flush()
			w.out.WriteString(s[:i])
			w.last, _ = utf8.DecodeLastRuneInString(s[:i])
		}
		if i == len(s) {
			return
		}
		s = strings.TrimLeftFunc(s[i:], isBlank)
		w.space = w.last != 0
	}
}

// isBlank is HTML's white space; a no-break space is a letter to it.
func isBlank(r rune) bool { return r == ' ' || r == '\n' || r == '\t' || r == '\r' || r == '\f' }

// raw writes text as it is.
func (w *htmlWriter) raw(s string) {
	if s == "" {
		return
	}
	w.space = false
	w.flush()
	w.out.WriteString(s)
	w.last, _ = utf8.DecodeLastRuneInString(s)
}

// flush writes the white space and the list mark that are due.
func (w *htmlWriter) flush() {
	switch {
	case w.lines > 0 && w.out.Len() > 0:
		w.out.WriteString("\n\n"[:w.lines])
	case w.space && w.lines == 0 && w.out.Len() > 0:
		w.out.WriteByte(' ')
	}
	w.lines, w.space = 0, false
	if w.mark != "" {
		w.out.WriteString(w.mark)
		w.mark = ""
	}
}

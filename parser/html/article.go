package html

import (
	"fmt"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"dalil/parser/format"

	"codeberg.org/readeck/go-readability"
	"golang.org/x/net/html"
)

// Bounds on the extraction of an article, whose work grows with elements and
// with the depth of text; larger pages are kept whole.
const (
	maxExtractNodes = 60_000
	maxExtractText  = 100 << 20 // bytes of text times depth
)

// extract runs Readability on a copy of the page; it must not bring the process
// down over a page that it has not met before.
func extract(page *html.Node, base *url.URL) (article readability.Article, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("extract the article: panic: %v", cause)
		}
	}()
	p := readability.NewParser()
	p.MaxElemsToParse = maxExtractNodes
	p.CharThresholds = 200
	return p.ParseAndMutate(copyTree(page), base)
}

// extractable reports whether the extraction of a page takes a bearable time.
func extractable(page *html.Node) bool {
	nodes, text, depth := 0, 0, 0
	for n := page; n != nil; {
		nodes++
		if n.Type == html.TextNode {
			text += len(n.Data) * max(depth, 1)
		}
		if nodes > maxExtractNodes || text > maxExtractText {
			return false
		}
		if n.FirstChild != nil {
			n, depth = n.FirstChild, depth+1
			continue
		}
		for n != nil && n.NextSibling == nil {
			n, depth = n.Parent, depth-1
		}
		if n != nil {
			n = n.NextSibling
		}
	}
	return true
}

// part is the text directly in one block of a page.
type part struct {
	node    *html.Node
	text    strings.Builder // without white space
	letters int
	linked  int // of letters, in links
	links   int
	beside  bool // in a part of the page that is not its content: a footer, a side bar, a share bar
	comment bool // in what looks like readers' comments
	kept    bool // the extraction kept it
}

// blockOf is the innermost block around a node.
func blockOf(n *html.Node) *html.Node {
	for n = n.Parent; n != nil && n.Type == html.ElementNode && inline[n.Data]; n = n.Parent {
	}
	return n
}

// partsOf lists the parts of a page in reading order.
func partsOf(page *html.Node) []*part {
	var parts []*part
	at := map[*html.Node]*part{}
	var visit func(n, block *html.Node, link, beside, comment bool)
	visit = func(n, block *html.Node, link, beside, comment bool) {
		if n.Type == html.ElementNode {
			if !inline[n.Data] {
				block = n
			}
			link = link || n.Data == "a"
			b, c := standing(n)
			beside, comment = beside || b, comment || c
		}
		text := ""
		switch {
		case n.Type == html.TextNode:
			text = n.Data
		case n.Type == html.ElementNode && n.Data == "img":
			text = attribute(n, "alt")
		}
		if strings.TrimSpace(text) != "" {
			p := at[block]
			if p == nil {
				p = &part{node: block, beside: beside, comment: comment}
				at[block] = p
				parts = append(parts, p)
			}
			p.text.WriteString(squeezed(text))
			count := format.Letters(text)
			p.letters += count
			if link {
				p.linked += count
				p.links++
			}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			visit(c, block, link, beside, comment)
		}
	}
	visit(page, page, false, false, false)
	return parts
}

func squeezed(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
}

// Words of classes and ids. They count as whole words, or with a hyphen or
// underscore on either side.
var (
	besideWords = []string{
		"share", "sharing", "social", "related", "promo", "newsletter", "subscribe", "subscription", "sponsor", "sponsored", "cookie", "cookies", "consent", "banner", "widget", "sidebar",
		"breadcrumb", "breadcrumbs", "pagination", "pager", "menu", "navbar", "navigation", "footer", "masthead", "outbrain", "taboola", "recommended", "toolbar", "popup", "modal",
	}
	commentWords = []string{"comment", "comments", "disqus", "replies", "reply", "respond", "discussion", "commentlist"}
	answerWords  = []string{"answer", "answers", "question", "questions", "faq", "qa"}
)

// standing reports whether an element is beside the content, or contains comments.
func standing(n *html.Node) (beside, comment bool) {
	switch n.Data {
	case "footer", "aside":
		return !insideArticle(n), false
	case "header":
		return !insideArticle(n) && !holdsHeading(n), false
	case "body", "html", "main", "article":
		return false, false
	}
	switch attribute(n, "role") {
	case "navigation", "complementary", "contentinfo", "menu", "dialog", "alertdialog", "search":
		return true, false
	}
	name := attribute(n, "class") + " " + attribute(n, "id")
	return hasWord(name, besideWords), hasWord(name, commentWords)
}

func holdsHeading(n *html.Node) bool {
	for c := range n.Descendants() {
		if c.Type == html.ElementNode && headingTag(c.Data) {
			return true
		}
	}
	return false
}

func insideArticle(n *html.Node) bool {
	for p := n.Parent; p != nil; p = p.Parent {
		if p.Data == "article" || p.Data == "main" {
			return true
		}
	}
	return false
}

func hasWord(names string, words []string) bool {
	if len(names) < 2 || len(names) > 4096 {
		return false
	}
	for name := range strings.FieldsFuncSeq(strings.ToLower(names), func(r rune) bool { return !unicode.IsLetter(r) }) {
		for _, w := range words {
			if name == w {
				return true
			}
		}
	}
	return false
}

// link reports whether a part is a link and nothing that reads as text: an entry
// of a list of links.
func (p *part) link() bool {
	if p.linked*2 < p.letters {
		return false
	}
	return p.node.Data != "p" || p.letters < 40 || p.links > 2 || !ended(p.text.String())
}

// ended reports whether a text ends as a sentence does.
func ended(s string) bool {
	last, _ := utf8.DecodeLastRuneInString(strings.TrimRight(s, "\"'”’»)]"))
	return strings.ContainsRune(".!?؟。！？…:", last)
}

// dropped decides which blocks of a page are left out, given the article that was
// extracted. What the extraction took out of the middle of the article is put
// back where it reads as text, and where it dropped much of the page's content
// all of that is taken.
func dropped(page, article *html.Node) map[*html.Node]bool {
	parts := partsOf(page)
	var whole strings.Builder
	own := map[string]bool{}
	for _, p := range partsOf(article) {
		own[p.text.String()] = true
		whole.WriteString(p.text.String())
	}
	all := whole.String()
	search := len(all) <= 1<<18 && len(parts) <= 2000
	first, last, kept := -1, -1, 0
	for i, p := range parts {
		text := p.text.String()
		if p.kept = own[text] || search && len(text) > 12 && strings.Contains(all, text); p.kept {
			if first < 0 {
				first = i
			}
			last, kept = i, kept+p.letters
		}
	}
	for i := range first { // the article begins with the page's heading
		if parts[i].node.Data == "h1" && !parts[i].beside && first-i < 20 {
			parts[i].kept, first = true, i
			break
		}
	}
	missing := 0 // letters of content that the extraction lost
	questions := asks(page)
	for _, p := range parts {
		if !p.kept && !p.beside && !p.link() && (!p.comment || questions || kept < 300) {
			missing += p.letters
		}
	}
	drop := map[*html.Node]bool{}
	takeAll := missing*10 > (kept+missing)*3
	for i, p := range parts {
		switch {
		case p.kept:
		case takeAll:
			drop[p.node] = p.beside || p.link() && p.node.Data != "p" && !headingTag(p.node.Data) || p.comment && !questions && kept >= 300
		case i < first || i > last || p.beside || p.comment:
			drop[p.node] = true
		case headingTag(p.node.Data):
			drop[p.node] = !(i+1 < len(parts) && parts[i+1].kept)
		default:
			drop[p.node] = p.link() || p.letters < 25 && !ended(p.text.String())
		}
	}
	return drop
}

// asks reports whether a page is a question with its answers, which are marked up
// like comments on many sites.
func asks(page *html.Node) bool {
	for n := range page.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		if strings.Contains(attribute(n, "itemtype"), "schema.org/Q") || strings.Contains(attribute(n, "itemtype"), "schema.org/Answer") {
			return true
		}
		if n.Data == "h1" || n.Data == "title" {
			if t := strings.TrimSpace(innerText(n)); strings.HasSuffix(t, "?") || strings.HasSuffix(t, "؟") || strings.HasSuffix(t, "？") {
				return true
			}
		}
		if n.Data == "div" || n.Data == "section" || n.Data == "article" {
			if hasWord(attribute(n, "class")+" "+attribute(n, "id"), answerWords) {
				return true
			}
		}
	}
	return false
}

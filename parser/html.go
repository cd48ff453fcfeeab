package parser

import (
	"bytes"
	"fmt"
	"net/url"
	"strings"

	"codeberg.org/readeck/go-readability"
	"codeberg.org/readeck/go-readability/render"
	"golang.org/x/net/html"
	"golang.org/x/net/html/charset"

	"dalil/corpus"
)

// Bounds on a page's tree; extraction walks it recursively.
const (
	maxDepth = 400
	maxNodes = 300_000
)

// parseHTML extracts the article (Mozilla's Readability) with its metadata.
// Where a page has no article to speak of, the text of its whole body is taken.
func parseHTML(in *input) (corpus.Document, error) {
	text, err := decodeHTML(in)
	if err != nil {
		return corpus.Document{}, err
	}
	page, err := parseTree(text)
	if err != nil {
		return corpus.Document{}, err
	}
	d := metadata(page)
	whole, err := parseTree(text) // the extraction changes its tree
	if err != nil {
		return corpus.Document{}, err
	}
	removeElements(whole)
	base, _ := url.Parse(d.URL) // "" and nonsense give an empty base, which is allowed
	article, err := extract(whole, base)
	if err == nil && article.Node != nil {
		d.Text = clean(render.InnerText(article.Node))
		fill(&d.Title, article.Title)
		fill(&d.Author, article.Byline)
		fill(&d.Language, article.Language)
		if d.PublishedAt.IsZero() && article.PublishedTime != nil {
			d.PublishedAt = article.PublishedTime.UTC()
		}
	}
	if len(d.Text) < minArticle {
		removeElements(page)
		if all := clean(render.InnerText(page)); len(all) > len(d.Text) {
			d.Text = all
		}
	}
	return d, nil
}

// minArticle is the length in bytes under which an extraction is not trusted.
const minArticle = 140

func fill(to *string, from string) {
	if *to == "" {
		*to = strings.TrimSpace(from)
	}
}

// extract runs Readability; it must not bring the process down over a page
// that it has not met before.
func extract(page *html.Node, base *url.URL) (article readability.Article, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("extract the article: panic: %v", cause)
		}
	}()
	p := readability.NewParser()
	p.MaxElemsToParse = maxNodes
	p.CharThresholds = 200
	return p.ParseAndMutate(page, base)
}

// decodeHTML reads the charset that the page itself declares (HTML standard
// §13.2.3.2) where neither a mark nor the media type says one.
func decodeHTML(in *input) (string, error) {
	if in.charset == "" && byteOrderMark(in.body) == nil {
		if _, name, certain := charset.DetermineEncoding(in.body[:min(len(in.body), 1024)], ""); certain {
			in.charset = name
		}
	}
	return decode(in)
}

// parseTree builds the tree and refuses one that is too deep or too large.
func parseTree(text string) (*html.Node, error) {
	if depth := nesting(text); depth > maxDepth*8 {
		return nil, corpus.Invalid("body", fmt.Sprintf("nests more than %d HTML elements", maxDepth))
	}
	page, err := html.Parse(strings.NewReader(text))
	if err != nil {
		return nil, corpus.Invalid("body", fmt.Sprintf("is no HTML: %v", err))
	}
	nodes := 0
	for n, depth := page, 0; n != nil; {
		if nodes++; nodes > maxNodes {
			return nil, corpus.Invalid("body", fmt.Sprintf("has more than %d HTML nodes", maxNodes))
		}
		if depth > maxDepth {
			return nil, corpus.Invalid("body", fmt.Sprintf("nests more than %d HTML elements", maxDepth))
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
	return page, nil
}

// nesting is a cheap upper bound of the depth, before a tree is built: start
// tags less end tags.
func nesting(text string) int {
	depth, most := 0, 0
	b := []byte(text)
	for {
		at := bytes.IndexByte(b, '<')
		if at < 0 || at+1 >= len(b) {
			return most
		}
		switch c := b[at+1]; {
		case c == '/':
			depth--
		case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z':
			if name := tagName(b[at+1:]); !void[name] {
				depth++
			}
		}
		most = max(most, depth)
		b = b[at+1:]
	}
}

func tagName(b []byte) string {
	n := 0
	for n < len(b) && n < 10 && (b[n]|0x20 >= 'a' && b[n]|0x20 <= 'z' || b[n] >= '0' && b[n] <= '9') {
		n++
	}
	return strings.ToLower(string(b[:n]))
}

// void elements and those that close themselves in practice don't nest.
var void = map[string]bool{
	"area": true, "base": true, "br": true, "col": true, "embed": true, "hr": true, "img": true, "input": true,
	"link": true, "meta": true, "source": true, "track": true, "wbr": true, "p": true, "li": true, "td": true, "tr": true, "option": true,
}

// removeElements takes out what is never text of an article.
func removeElements(n *html.Node) {
	for c := n.FirstChild; c != nil; {
		next := c.NextSibling
		if c.Type == html.ElementNode && unread[c.Data] || c.Type == html.CommentNode {
			n.RemoveChild(c)
		} else {
			removeElements(c)
		}
		c = next
	}
}

var unread = map[string]bool{
	"script": true, "style": true, "noscript": true, "template": true, "svg": true, "iframe": true, "object": true,
	"form": true, "button": true, "select": true, "nav": true, "dialog": true,
}

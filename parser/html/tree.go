package html

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/net/html"

	"dalil/corpus"
	"dalil/parser/format"
)

// Bounds on a page's tree. The library builds it whole, and elements that are
// never closed are built again in every paragraph behind them.
const (
	maxDepth         = 400
	maxNodes         = 300_000
	maxAttributes    = 500 // of one element
	maxAllAttributes = 500_000
	maxRenderedNodes = 1_000_000 // of another format that has become HTML
)

// parseTree builds the tree of a page, and refuses one that would be too deep or
// too large. Scripting decides whether noscript holds text or elements.
func parseTree(ctx context.Context, text string, scripting bool, limit int) (*html.Node, error) {
	if err := checkTags(ctx, text, limit); err != nil {
		return nil, err
	}
	page, err := html.ParseWithOptions(&reader{ctx, strings.NewReader(text)}, html.ParseOptionEnableScripting(scripting))
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil && strings.Contains(err.Error(), "exceeds"):
		return nil, tooDeep()
	case err != nil:
		return nil, corpus.Invalid("body", "cannot be read as HTML")
	}
	return page, checkTree(page, limit)
}

// reader ends with its context.
type reader struct {
	ctx context.Context
	io.Reader
}

func (r *reader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.Reader.Read(p)
}

func tooDeep() error {
	return &corpus.InvalidError{Violations: []corpus.Violation{{
		Field: "body", Description: fmt.Sprintf("nests more than %d HTML elements", maxDepth), Limit: fmt.Sprint(maxDepth),
	}}}
}

func tooLarge(limit int) error {
	return &corpus.InvalidError{Violations: []corpus.Violation{{
		Field: "body", Description: fmt.Sprintf("has more than %d HTML nodes", limit), Limit: fmt.Sprint(limit),
	}}}
}

// formatting are the elements that, never closed, go on in later blocks.
var formatting = map[string]bool{
	"a": true, "b": true, "big": true, "code": true, "em": true, "font": true, "i": true, "nobr": true, "s": true, "small": true,
	"strike": true, "strong": true, "tt": true, "u": true,
}

// checkTags estimates from the tags alone, before a tree is built, how many nodes
// it would have and how deep it would be.
func checkTags(ctx context.Context, text string, limit int) error {
	z := html.NewTokenizer(strings.NewReader(text))
	nodes, open, depth, most, all := 0, 0, 0, 0, 0
	again := false // formatting that is open is built again with what comes next
	for n := 0; ; n++ {
		if n%4096 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		switch z.Next() {
		case html.ErrorToken:
			if err := z.Err(); !errors.Is(err, io.EOF) {
				return corpus.Invalid("body", "cannot be read as HTML")
			}
			if most > maxDepth*8 {
				return tooDeep()
			}
			return nil
		case html.StartTagToken, html.SelfClosingTagToken:
			raw, more := z.TagName()
			isFormatting, isVoid := formatting[string(raw)], void[string(raw)]
			attributes := 0
			for more {
				if _, _, more = z.TagAttr(); attributes > maxAttributes {
					return corpus.Invalid("body", fmt.Sprintf("has an HTML element with more than %d attributes", maxAttributes))
				}
				attributes++
			}
			if all += attributes; all > maxAllAttributes {
				return format.Excess(maxAllAttributes, "has more than %d HTML attributes", maxAllAttributes)
			}
			nodes++
			if again {
				nodes, again = nodes+open, false
			}
			switch {
			case isFormatting:
				open++
			default:
				again = true
			}
			if !isVoid {
				depth++
				most = max(most, depth)
			}
		case html.EndTagToken:
			raw, _ := z.TagName()
			nodes++ // </p> and </br> make an element of their own
			if formatting[string(raw)] {
				open = max(open-1, 0)
			} else {
				again = true
			}
			depth--
		default:
			nodes++
			if again {
				nodes, again = nodes+open, false
			}
		}
		if nodes > 2*limit {
			return tooLarge(limit)
		}
	}
}

// void elements and those that close themselves in practice do not nest.
var void = map[string]bool{
	"area": true, "base": true, "br": true, "col": true, "embed": true, "hr": true, "img": true, "input": true, "link": true, "meta": true, "source": true,
	"track": true, "wbr": true, "p": true, "li": true, "td": true, "th": true, "tr": true, "option": true, "dt": true, "dd": true, "rt": true, "rp": true,
}

func checkTree(page *html.Node, limit int) error {
	nodes := 0
	for n, depth := page, 0; n != nil; {
		if nodes++; nodes > limit {
			return tooLarge(limit)
		}
		if depth > maxDepth {
			return tooDeep()
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
	return nil
}

// copyTree copies a tree whose depth parseTree has bounded.
func copyTree(n *html.Node) *html.Node {
	c := &html.Node{Type: n.Type, DataAtom: n.DataAtom, Data: n.Data, Namespace: n.Namespace, Attr: append([]html.Attribute(nil), n.Attr...)}
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		c.AppendChild(copyTree(child))
	}
	return c
}

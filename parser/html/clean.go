package html

import (
	"slices"
	"strings"

	"dalil/parser/format"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// unread elements are never text of a page.
var unread = map[string]bool{
	"script": true, "style": true, "noscript": true, "template": true, "svg": true, "iframe": true, "object": true, "canvas": true, "video": true, "audio": true,
	"select": true, "textarea": true, "input": true, "datalist": true, "nav": true, "rt": true, "rp": true, "rtc": true, "head": true,
	"button": true, "frameset": true, "embed": true,
}

// cleaner takes out of a tree what is not read, and counts what is hidden.
type cleaner struct {
	rules  *hidingRules
	hidden int // letters and digits
	shadow bool
	full   bool // keep noscript and shadow roots: there is nothing else
}

func (c *cleaner) clean(n *html.Node) {
	for child := n.FirstChild; child != nil; {
		next := child.NextSibling
		switch {
		case child.Type == html.CommentNode:
			if isProse(child.Data) {
				c.hidden += format.Letters(child.Data)
			}
			n.RemoveChild(child)
		case child.Type == html.ElementNode && c.drops(child):
			n.RemoveChild(child)
		case child.Type == html.ElementNode:
			c.adapt(child)
			c.clean(child)
		}
		child = next
	}
}

// drops reports whether an element is left out with all that it holds.
func (c *cleaner) drops(n *html.Node) bool {
	switch n.Data {
	case "button":
		return !isQuestion(n)
	case "template":
		root := attribute(n, "shadowrootmode") != "" || attribute(n, "shadowroot") != ""
		c.shadow = c.shadow || root
		return !root || !c.full
	case "noscript":
		return !c.full
	case "body", "html":
		return false
	case "a":
		if strings.Contains(attribute(n, "class"), "footnote-backref") || strings.TrimSpace(strings.TrimSuffix(innerText(n), "\ufe0e")) == "↩" {
			return true
		}
	case "input":
		if strings.EqualFold(attribute(n, "type"), "checkbox") && n.Parent != nil && (n.Parent.Data == "li" || n.Parent.Data == "p") {
			return false
		}
	}
	if unread[n.Data] && n.Namespace == "" || n.Data == "svg" {
		return true
	}
	if c.rules.hide(n) || n.Data == "dialog" && !slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == "open" }) {
		c.hidden += textLetters(n)
		return true
	}
	return isAdvertisement(n)
}

// adapt turns what is a wrapper to readers, and a tool to programs, into plain
// elements.
func (c *cleaner) adapt(n *html.Node) {
	switch n.Data {
	case "input": // of a task list
		mark := "[ ]"
		for _, a := range n.Attr {
			if a.Key == "checked" {
				mark = "[x]"
			}
		}
		*n = html.Node{Type: html.TextNode, Data: mark + " ", Parent: n.Parent, PrevSibling: n.PrevSibling, NextSibling: n.NextSibling}
	case "form", "fieldset", "template", "noscript":
		n.Data, n.DataAtom = "div", atom.Div
	case "button":
		n.Data, n.DataAtom = "span", atom.Span
		if p := n.Parent; p != nil && !inline[p.Data] && !headingTag(p.Data) {
			n.Data, n.DataAtom = "p", atom.P
		}
	}
}

// isQuestion reports whether a button is what a reader opens an answer with.
func isQuestion(n *html.Node) bool {
	text := strings.TrimSpace(innerText(n))
	if format.Letters(text) < 3 {
		return false
	}
	for p, depth := n.Parent, 0; p != nil && depth < 4; p, depth = p.Parent, depth+1 {
		if headingTag(p.Data) || p.Data == "summary" || p.Data == "dt" || p.Data == "legend" {
			return true
		}
	}
	words := len(strings.Fields(text))
	last := text[len(text)-1]
	if (last == '?' || strings.HasSuffix(text, "؟") || strings.HasSuffix(text, "？")) && words > 1 {
		return true
	}
	opens := attribute(n, "aria-expanded") != "" || attribute(n, "aria-controls") != "" || attribute(n, "data-bs-target") != ""
	name := strings.ToLower(attribute(n, "class") + " " + attribute(n, "id"))
	for _, s := range []string{"accordion", "collaps", "faq", "question", "toggle-answer"} {
		opens = opens || strings.Contains(name, s)
	}
	return opens && words > 1
}

// isAdvertisement reports whether an element calls itself one, in a word of its
// class or id.
func isAdvertisement(n *html.Node) bool {
	for _, a := range n.Attr {
		if a.Key != "class" && a.Key != "id" {
			continue
		}
		for name := range strings.FieldsSeq(strings.ToLower(a.Val)) {
			switch name {
			case "ad", "ads", "advert", "advertisement", "adsbygoogle", "ad-banner", "ad-slot", "ad-container", "sponsored":
				return true
			}
		}
	}
	return false
}

func headingTag(name string) bool {
	return len(name) == 2 && name[0] == 'h' && name[1] >= '1' && name[1] <= '6'
}

// isProse reports whether a comment is meant for a reader: at least four words
// and no markup.
func isProse(comment string) bool {
	if strings.ContainsAny(comment, "<>{}[]=|") || len(strings.Fields(comment)) < 4 {
		return false
	}
	return format.Letters(comment)*2 > len([]rune(comment))
}

// innerText is all text below a node, a space between elements.
func innerText(n *html.Node) string {
	var b strings.Builder
	for c := range n.Descendants() {
		if c.Type == html.TextNode {
			b.WriteString(c.Data)
		} else if c.Type == html.ElementNode {
			b.WriteByte(' ')
		}
	}
	return b.String()
}

// textLetters counts the letters below a node that would be read if it was shown.
func textLetters(n *html.Node) int {
	total := 0
	for c := range n.Descendants() {
		if c.Type == html.TextNode && c.Parent != nil && !(unread[c.Parent.Data] && c.Parent.Data != "button") {
			total += format.Letters(c.Data)
		}
	}
	return total
}

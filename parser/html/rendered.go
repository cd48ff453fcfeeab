package html

import (
	"strings"

	"golang.org/x/net/html"

	"dalil/parser/format"
)

// Rendered reads HTML that another format has become. All of it is text: no article
// is looked for. heading is the first h1; "" where there is none. Errors are those
// of [Read].
func Rendered(in *format.Input, page string) (text, heading string, err error) {
	tree, err := parseTree(in.Ctx, page, false, maxRenderedNodes)
	if err != nil {
		return "", "", err
	}
	c := &cleaner{rules: hidingRulesOf(tree), full: true}
	c.clean(tree)
	if c.hidden > 0 {
		in.Warn("%d letters of hidden text were left out", c.hidden)
	}
	return textOf(tree, nil), firstHeading(tree), nil
}

func firstHeading(page *html.Node) string {
	for n := range page.Descendants() {
		if n.Type == html.ElementNode && n.Data == "h1" {
			return strings.Join(strings.Fields(innerText(n)), " ")
		}
	}
	return ""
}

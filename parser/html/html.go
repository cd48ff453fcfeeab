// Package html reads web pages: their metadata and the text of their article. Start with [Read].
package html

import (
	"net/url"
	"strings"

	"golang.org/x/net/html"

	"dalil/corpus"
	"dalil/parser/format"
)

// minArticle is the number of letters under which an extraction is not trusted.
const minArticle = 120

// Read reads a page: its metadata, and the text of its article (Mozilla's
// Readability). If that drops much of the visible text, or if there is no article,
// it keeps the whole page without bars and menus.
func Read(in *format.Input) (corpus.Document, error) {
	text, err := decode(in)
	if err != nil {
		return corpus.Document{}, err
	}
	page, err := parseTree(in.Ctx, text, true, maxNodes)
	if err != nil {
		return corpus.Document{}, err
	}
	d := metadata(in, page)
	rules := hidingRulesOf(page)
	c := &cleaner{rules: rules}
	c.clean(page)
	d.Text = articleText(in, page, &d)
	if format.Letters(d.Text) < minArticle {
		if all := format.Clean(textOf(page, nil)); format.Letters(all) > format.Letters(d.Text) {
			d.Text = all
		}
	}
	if format.Letters(d.Text) < minArticle && (c.shadow || strings.Contains(text, "<noscript")) {
		if err := lastResort(in, text, rules, &d); err != nil {
			return d, err
		}
	}
	if c.hidden > 0 {
		in.Warn("%d letters of hidden text were left out", c.hidden)
	}
	return d, in.Ctx.Err()
}

// articleText returns the text of a page's article.
func articleText(in *format.Input, page *html.Node, d *corpus.Document) string {
	if !extractable(page) {
		in.Warn("the page is too large to find its article; all of its text was kept")
		return format.Clean(textOf(page, nil))
	}
	base, _ := url.Parse(d.URL) // "" and nonsense give an empty base, which is allowed
	article, err := extract(page, base)
	if err != nil || article.Node == nil {
		return ""
	}
	format.Fill(&d.Title, article.Title)
	format.Fill(&d.Author, article.Byline)
	format.Fill(&d.Language, article.Language)
	if d.PublishedAt.IsZero() && article.PublishedTime != nil {
		d.PublishedAt = article.PublishedTime.UTC()
	}
	return format.Clean(textOf(page, dropped(page, article.Node)))
}

// lastResort takes the text for readers without scripts, and that of shadow roots,
// where the page has hardly any other.
func lastResort(in *format.Input, text string, rules *hidingRules, d *corpus.Document) error {
	page, err := parseTree(in.Ctx, text, false, maxNodes)
	if err != nil {
		return err
	}
	c := &cleaner{rules: rules, full: true}
	c.clean(page)
	all := format.Clean(textOf(page, nil))
	if format.Letters(all) <= 2*format.Letters(d.Text) || format.Letters(all) < 2*minArticle && strings.Contains(strings.ToLower(all), "javascript") {
		return nil
	}
	in.Warn("the page has hardly any text of its own; its noscript elements or templates were read instead")
	d.Text = all
	return nil
}

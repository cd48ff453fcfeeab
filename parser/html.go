package parser

import (
	"net/url"
	"strings"

	"golang.org/x/net/html"

	"dalil/corpus"
)

// minArticle is the number of letters under which an extraction is not trusted.
const minArticle = 120

// parseHTML reads a page: its metadata, and the text of its article (Mozilla's
// Readability). If that drops much of the visible text, or if there is no article,
// it keeps the whole page without bars and menus.
func parseHTML(in *input) (corpus.Document, error) {
	text, err := decodeHTML(in)
	if err != nil {
		return corpus.Document{}, err
	}
	page, err := parseTree(in.ctx, text, true, maxNodes)
	if err != nil {
		return corpus.Document{}, err
	}
	d := metadata(in, page)
	rules := hidingRulesOf(page)
	c := &cleaner{rules: rules}
	c.clean(page)
	d.Text = in.article(page, &d)
	if letters(d.Text) < minArticle {
		if all := clean(textOf(page, nil)); letters(all) > letters(d.Text) {
			d.Text = all
		}
	}
	if letters(d.Text) < minArticle && (c.shadow || strings.Contains(text, "<noscript")) {
		if err := in.lastResort(text, rules, &d); err != nil {
			return d, err
		}
	}
	if c.hidden > 0 {
		in.warn("%d letters of hidden text were left out", c.hidden)
	}
	return d, in.ctx.Err()
}

// article returns the text of a page's article.
func (in *input) article(page *html.Node, d *corpus.Document) string {
	if !extractable(page) {
		in.warn("the page is too large to find its article; all of its text was taken")
		return clean(textOf(page, nil))
	}
	base, _ := url.Parse(d.URL) // "" and nonsense give an empty base, which is allowed
	article, err := extract(page, base)
	if err != nil || article.Node == nil {
		return ""
	}
	fill(&d.Title, article.Title)
	fill(&d.Author, article.Byline)
	fill(&d.Language, article.Language)
	if d.PublishedAt.IsZero() && article.PublishedTime != nil {
		d.PublishedAt = article.PublishedTime.UTC()
	}
	return clean(textOf(page, dropped(page, article.Node)))
}

// lastResort takes the text for readers without scripts, and that of shadow roots,
// where the page has hardly any other.
func (in *input) lastResort(text string, rules *hidingRules, d *corpus.Document) error {
	page, err := parseTree(in.ctx, text, false, maxNodes)
	if err != nil {
		return err
	}
	c := &cleaner{rules: rules, full: true}
	c.clean(page)
	all := clean(textOf(page, nil))
	if letters(all) <= 2*letters(d.Text) || letters(all) < 2*minArticle && strings.Contains(strings.ToLower(all), "javascript") {
		return nil
	}
	in.warn("the text was taken from what the page shows without scripts, or from its templates")
	d.Text = all
	return nil
}

func fill(to *string, from string) {
	if *to == "" {
		*to = strings.TrimSpace(from)
	}
}

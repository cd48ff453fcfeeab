package parser

import (
	"bytes"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	render "github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
	"golang.org/x/net/html"

	"dalil/corpus"
)

// parseMarkdown reads CommonMark with tables, task lists, footnotes, definition
// lists and front matter. It becomes HTML first and is then read as such, so that
// the HTML in it, across paragraphs too, means what it means to a reader.
func parseMarkdown(in *input) (corpus.Document, error) {
	source, err := decode(in)
	if err != nil {
		return corpus.Document{}, err
	}
	source = strings.ReplaceAll(strings.ReplaceAll(source, "\r\n", "\n"), "\r", "\n")
	d, source := frontMatter(in, strings.TrimPrefix(source, "\uFEFF"))
	page, err := in.markdownTree(source)
	if err != nil {
		return d, err
	}
	c := &cleaner{rules: hidingRulesOf(page), full: true}
	c.clean(page)
	if c.hidden > 0 {
		in.warn("%d letters of hidden text were left out", c.hidden)
	}
	d.Text = textOf(page, nil)
	fill(&d.Title, firstHeading(page))
	return d, in.ctx.Err()
}

// markdownTree is Markdown as a tree of HTML.
func (in *input) markdownTree(source string) (*html.Node, error) {
	if err := checkMarkdown(in.ctx, source); err != nil {
		return nil, err
	}
	guard := &paragraphGuard{ctx: in.ctx}
	markdown := goldmark.New(
		goldmark.WithExtensions(extension.GFM, extension.Footnote, extension.DefinitionList),
		goldmark.WithParserOptions(
			parser.WithParagraphTransformers(util.Prioritized(guard, 50)),
			parser.WithInlineParsers(util.Prioritized(mathParser{}, 50)),
		),
		goldmark.WithRendererOptions(render.WithUnsafe()),
	)
	root := markdown.Parser().Parse(text.NewReader([]byte(source)))
	if guard.err != nil {
		return nil, guard.err
	}
	var page bytes.Buffer
	if err := markdown.Renderer().Render(&page, []byte(source), root); err != nil {
		return nil, corpus.Invalid("body", "cannot be read as Markdown")
	}
	return parseTree(in.ctx, page.String(), false, maxMarkdownNodes)
}

func firstHeading(page *html.Node) string {
	for n := range page.Descendants() {
		if n.Type == html.ElementNode && n.Data == "h1" {
			return strings.Join(strings.Fields(innerText(n)), " ")
		}
	}
	return ""
}

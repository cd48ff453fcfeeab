// Package markdown reads CommonMark with GitHub's extensions and front matter. Start with [Read].
package markdown

import (
	"bytes"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	renderer "github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"dalil/corpus"
	"dalil/parser/format"
	"dalil/parser/html"
)

// Read reads CommonMark with tables, task lists, footnotes, definition
// lists and front matter. It becomes HTML first and is then read as such, so that
// the HTML in it, across paragraphs too, means what it means to a reader.
func Read(in *format.Input) (corpus.Document, error) {
	source, err := format.Decode(in)
	if err != nil {
		return corpus.Document{}, err
	}
	source = strings.ReplaceAll(strings.ReplaceAll(source, "\r\n", "\n"), "\r", "\n")
	d, source, err := frontMatter(in, strings.TrimPrefix(source, "\uFEFF"))
	if err != nil {
		return d, err
	}
	page, err := render(in, source)
	if err != nil {
		return d, err
	}
	body, heading, err := html.Rendered(in, page)
	if err != nil {
		return d, err
	}
	d.Text = body
	format.Fill(&d.Title, heading)
	return d, in.Ctx.Err()
}

// render turns Markdown into HTML.
func render(in *format.Input, source string) (string, error) {
	if err := checkMarkdown(in.Ctx, source); err != nil {
		return "", err
	}
	guard := &paragraphGuard{ctx: in.Ctx}
	markdown := goldmark.New(
		goldmark.WithExtensions(extension.GFM, extension.Footnote, extension.DefinitionList),
		goldmark.WithParserOptions(
			parser.WithParagraphTransformers(util.Prioritized(guard, 50)),
			parser.WithInlineParsers(util.Prioritized(mathParser{}, 50)),
		),
		goldmark.WithRendererOptions(renderer.WithUnsafe()),
	)
	root := markdown.Parser().Parse(text.NewReader([]byte(source)))
	if guard.err != nil {
		return "", guard.err
	}
	var page bytes.Buffer
	if err := markdown.Renderer().Render(&page, []byte(source), root); err != nil {
		return "", corpus.Invalid("body", "cannot be read as Markdown")
	}
	return page.String(), nil
}

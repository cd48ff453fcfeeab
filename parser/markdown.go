package parser

import (
	"bufio"
	"bytes"
	"html"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	extast "github.com/yuin/goldmark/extension/ast"
	render "github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"

	"dalil/corpus"
)

// parseMarkdown reads CommonMark with tables and front matter. Headings become
// lines of their own, links their text, images their description; code stays.
func parseMarkdown(in *input) (corpus.Document, error) {
	source, err := decode(in)
	if err != nil {
		return corpus.Document{}, err
	}
	d, source := frontMatter(strings.ReplaceAll(source, "\r\n", "\n"))
	if err := checkMarkdown(source); err != nil {
		return d, err
	}
	w := &markdownWriter{source: []byte(source)}
	root := goldmark.New(goldmark.WithExtensions(extension.GFM)).Parser().Parse(text.NewReader(w.source))
	if err := ast.Walk(root, w.visit); err != nil {
		return corpus.Document{}, err
	}
	d.Text = w.out.String()
	fill(&d.Title, w.title)
	return d, nil
}

type markdownWriter struct {
	source []byte
	out    strings.Builder
	title  string // of the first level-1 heading
}

func (w *markdownWriter) visit(n ast.Node, entering bool) (ast.WalkStatus, error) {
	switch n := n.(type) {
	case *ast.Heading:
		if entering {
			if start := w.out.Len(); n.Level == 1 && w.title == "" {
				for c := n.FirstChild(); c != nil; c = c.NextSibling() {
					if err := ast.Walk(c, w.visit); err != nil {
						return ast.WalkStop, err
					}
				}
				w.title = strings.TrimSpace(w.out.String()[start:])
				w.out.WriteString("\n\n")
				return ast.WalkSkipChildren, nil
			}
			break
		}
		w.out.WriteString("\n\n")
	case *ast.Paragraph:
		if !entering {
			w.out.WriteString("\n\n")
		}
	case *ast.TextBlock, *extast.TableRow, *extast.TableHeader:
		if !entering {
			w.out.WriteString("\n")
		}
	case *extast.TableCell:
		if !entering && n.NextSibling() != nil {
			w.out.WriteString(" | ")
		}
	case *ast.List, *extast.Table:
		if !entering {
			w.out.WriteString("\n")
		}
	case *ast.ListItem:
		if entering {
			w.out.WriteString("- ")
		}
	case *ast.Text:
		if entering {
			w.text(n)
			if n.HardLineBreak() {
				w.out.WriteString("\n")
			} else if n.SoftLineBreak() {
				w.out.WriteString(" ")
			}
		}
	case *ast.String:
		if entering {
			w.out.Write(n.Value)
		}
	case *ast.AutoLink:
		if entering {
			w.out.Write(n.Label(w.source))
		}
	case *ast.FencedCodeBlock, *ast.CodeBlock:
		if entering {
			for i := range n.Lines().Len() {
				line := n.Lines().At(i)
				w.out.Write(line.Value(w.source))
			}
			w.out.WriteString("\n\n")
		}
	case *ast.HTMLBlock, *ast.RawHTML:
		return ast.WalkSkipChildren, nil
	}
	return ast.WalkContinue, nil
}

// text writes a run of words with its escapes and entities resolved; code has
// none. The library resolves them only on the way to HTML, so back from there.
func (w *markdownWriter) text(n *ast.Text) {
	value := n.Segment.Value(w.source)
	if n.IsRaw() || !bytes.ContainsAny(value, `\&`) {
		w.out.Write(value)
		return
	}
	var escaped bytes.Buffer
	buffered := bufio.NewWriter(&escaped)
	render.DefaultWriter.Write(buffered, value)
	buffered.Flush() // to memory: no error
	w.out.WriteString(html.UnescapeString(escaped.String()))
}

// frontMatter takes the "key: value" lines between two --- from the top. It
// reads scalars and one-line lists, which is what writers of articles use.
func frontMatter(source string) (corpus.Document, string) {
	var d corpus.Document
	rest, ok := strings.CutPrefix(strings.TrimPrefix(source, "\uFEFF"), "---\n")
	if !ok {
		return d, source
	}
	block, body, ok := strings.Cut(rest, "\n---")
	if !ok || body != "" && body[0] != '\n' {
		return d, source
	}
	for line := range strings.SplitSeq(block, "\n") {
		key, value, ok := strings.Cut(line, ":")
		if !ok {
			continue
		}
		value = strings.Trim(strings.TrimSpace(value), `"'`)
		switch strings.ToLower(strings.TrimSpace(key)) {
		case "title":
			d.Title = value
		case "author":
			d.Author = value
		case "date", "published", "published_at":
			d.PublishedAt = date(value)
		case "lang", "language":
			d.Language = value
		case "url", "canonical", "canonical_url":
			d.URL = value
		case "tags", "keywords":
			for tag := range strings.SplitSeq(strings.Trim(value, "[]"), ",") {
				if tag = strings.Trim(strings.TrimSpace(tag), `"'`); tag != "" && len(d.Tags) < maxTags {
					d.Tags = append(d.Tags, tag)
				}
			}
		}
	}
	return d, body
}

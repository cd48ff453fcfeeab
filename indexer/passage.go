package indexer

import (
	"strings"

	"dalil/chunker"
	"dalil/corpus"
)

// cut divides the document into chunks.
func (p *prepared) cut(passages []chunker.Passage) {
	spans := make([]corpus.Span, len(passages))
	for i, passage := range passages {
		spans[i] = passage.Span
	}
	p.chunks = corpus.Chunks(p.document.ID, p.revision, p.document.Text, spans)
	for i, passage := range passages {
		p.chunks[i].Headings = passage.Headings
		if passage.Context != "" {
			if p.contexts == nil {
				p.contexts = make([]string, len(passages))
			}
			p.contexts[i] = passage.Context
		}
	}
}

// above returns the title, and the headings of the i-th passage that its own text
// does not contain.
func (p *prepared) above(i int) string {
	lines := []string{}
	if p.document.Title != "" {
		lines = append(lines, p.document.Title)
	}
	c := &p.chunks[i]
	for _, h := range c.Headings[:len(c.Headings)-chunker.Opening(c.Text, c.Headings)] {
		if h != p.document.Title {
			lines = append(lines, h)
		}
	}
	return strings.Join(lines, "\n")
}

// within returns the i-th passage after the context that its rows need.
func (p *prepared) within(i int) string {
	if p.contexts == nil || p.contexts[i] == "" {
		return p.chunks[i].Text
	}
	return p.contexts[i] + "\n" + p.chunks[i].Text
}

// embedded returns the text to embed for the i-th passage: title and headings,
// which give a passage from the middle of a document its context, and the passage
// without marks of structure. A passage that begins with the title has it twice,
// so that the subject counts more.
func (p *prepared) embedded(i int, shorten func(string) string) string {
	above, text := p.above(i), chunker.Plain(p.within(i))
	if shorten != nil {
		above = shorten(above)
	}
	if above == "" {
		return text
	}
	return above + "\n" + text
}

// analysed returns the text of the i-th passage for the lexical arm.
func (p *prepared) analysed(i int) (above, text string) { return p.above(i), p.within(i) }

package chunker

import (
	"context"
	"strings"

	"dalil/corpus"
)

// piece is a part of a passage: a sentence, a table row, a block of code, or a part
// of one that is too long.
type piece struct {
	span    corpus.Span
	tokens  int
	level   uint8 // level of a heading in Markdown's form; 0: none
	heading bool  // begins a new passage
	closes  bool  // ends a paragraph, which is a good end for a passage
	row     int   // 1 + the index of the table whose context it needs; 0: none
}

// carried is the context that the rows of a table need.
type carried struct {
	text   string
	tokens int
}

// cutting is one call of Cut.
type cutting struct {
	chunker *Chunker
	ctx     context.Context
	text    string
	most    int // passages

	path     path
	tables   []carried
	section  []piece
	passages []Passage
	pieces   int // so far, to check ctx from time to time
	err      error
}

func (c *cutting) run() error {
	blocks(c.text, func(b block) bool {
		switch b.kind {
		case heading:
			c.heading(b)
		case code:
			c.code(b)
		case table:
			c.table(b)
		default:
			c.prose(b)
		}
		return c.err == nil
	})
	c.flush()
	return c.err
}

// longSection is the number of pieces after which a section is packed, to limit the
// memory. It is packed at the end of a paragraph if there is one soon.
const longSection = 8192

// add adds the next piece. A heading after other text ends the section; consecutive
// headings stay together.
func (c *cutting) add(p piece) bool {
	if c.err == nil && c.pieces%64 == 0 {
		c.err = c.ctx.Err()
	}
	if c.pieces++; c.err != nil {
		return false
	}
	if n := len(c.section); p.heading && n > 0 && !c.section[n-1].heading {
		c.flush()
	}
	if p.level > 0 {
		c.path.enter(int(p.level), headingText(c.text[p.span.Start:p.span.End]))
	}
	c.section = append(c.section, p)
	if n := len(c.section); n >= longSection && p.closes || n >= 2*longSection {
		c.flush()
	}
	return c.err == nil
}

// flush packs the section into passages.
func (c *cutting) flush() {
	if c.err != nil || len(c.section) == 0 {
		return
	}
	for _, g := range c.chunker.pack(c.section, c.tables) {
		p := Passage{Span: g.span, Headings: c.path.headings()}
		if g.row > 0 {
			p.Context = c.tables[g.row-1].text
		}
		c.passages = append(c.passages, p)
	}
	c.section = c.section[:0]
	if len(c.passages) > c.most {
		c.err = tooMany(len(c.text), c.most)
	}
}

func (c *cutting) heading(b block) {
	whole := c.text[b.span.Start:b.span.End] // with the white space behind the line, which some models count
	level := headingLevel(strings.TrimSpace(whole))
	p := piece{span: b.span, tokens: c.chunker.options.Count(whole), level: uint8(level), heading: true, closes: true}
	if c.chunker.fits(p) {
		c.add(p)
		return
	}
	c.divide(b.span, p, c.chunker.options.Max)
}

func (c *cutting) prose(b block) {
	text := c.text[b.span.Start:b.span.End]
	eachSentence(text, func(s corpus.Span) bool {
		sentence := text[s.Start:s.End]
		p := piece{
			span:   corpus.Span{Start: b.span.Start + s.Start, End: b.span.Start + s.End},
			closes: strings.Contains(sentence[len(strings.TrimRight(sentence, " \t\n\r")):], "\n"),
		}
		return c.sized(p, func(p piece) (isHeading bool) {
			return p.closes && p.tokens <= maxHeading && p.span.End < len(c.text) && looksLikeHeading(strings.TrimSpace(sentence))
		})
	})
}

// sized adds a piece as a whole if it fits, otherwise in parts. A whole one may be a heading.
func (c *cutting) sized(p piece, isHeading func(piece) bool) bool {
	if p.span.Len() <= MaxBytes {
		if p.tokens = c.chunker.options.Count(c.text[p.span.Start:p.span.End]); p.tokens <= c.chunker.options.Max-c.beside(p) {
			p.heading = p.heading || isHeading != nil && isHeading(p)
			return c.add(p)
		}
	}
	return c.divide(p.span, p, c.chunker.options.Max-c.beside(p))
}

// beside returns how many tokens of Max a piece's context needs.
func (c *cutting) beside(p piece) int {
	if p.row == 0 {
		return 0
	}
	return c.tables[p.row-1].tokens
}

// code keeps a block whole if it fits, otherwise its lines.
func (c *cutting) code(b block) {
	p := piece{span: b.span, closes: true}
	if p.span.Len() <= MaxBytes {
		if p.tokens = c.chunker.options.Count(c.text[p.span.Start:p.span.End]); p.tokens <= c.chunker.options.Max {
			c.add(p)
			return
		}
	}
	c.lines(b.span, 0)
}

// lines adds each line as a piece; blank lines belong to the line before.
func (c *cutting) lines(span corpus.Span, row int) {
	for at := span.Start; at < span.End; {
		end := lineEnd(c.text[:span.End], at)
		rest := blankEnd(c.text[:span.End], end)
		if !c.sized(piece{span: corpus.Span{Start: at, End: rest}, closes: rest > end || rest == span.End, row: row}, nil) {
			return
		}
		at = rest
	}
}

// table keeps caption, header and first row together, and does not divide rows.
func (c *cutting) table(b block) {
	row := 0
	if context := c.chunker.contextOf(c.text, b); context != "" {
		c.tables = append(c.tables, carried{context, c.chunker.options.Count(context)})
		row = len(c.tables)
	}
	first := b.span.End
	if b.body < b.span.End {
		first = lineEnd(c.text[:b.span.End], b.body)
	}
	p := piece{span: corpus.Span{Start: b.span.Start, End: first}, closes: first == b.span.End}
	p.tokens = c.chunker.options.Count(c.text[p.span.Start:p.span.End])
	if c.chunker.fits(p) {
		c.add(p)
	} else {
		c.lines(corpus.Span{Start: b.span.Start, End: b.body}, 0)
		c.lines(corpus.Span{Start: b.body, End: first}, row)
	}
	c.lines(corpus.Span{Start: first, End: b.span.End}, row)
}

// Package chunker cuts clean text into passages: whole sentences packed to
// about a target number of tokens, never across a heading, with exact offsets.
// It is pure and deterministic. Start with [New].
package chunker

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"dalil/corpus"
)

// Options size the passages; the zero value works.
type Options struct {
	Target int              // tokens that a passage is packed to; 0: 200
	Max    int              // tokens that no passage exceeds; 0: 2.5 × Target
	Count  func(string) int // tokens of a text: at least 0, not shrinking as text grows, of two texts joined at most their sum; nil: [Words]
	Unit   string           // what Count counts: equal units count equally; empty: words or tokens
}

// Chunker cuts texts. It is safe for concurrent use where Count is.
type Chunker struct {
	options Options
}

// New returns a Chunker.
func New(options Options) *Chunker {
	if options.Target <= 0 {
		options.Target = 200
	}
	if options.Max <= 0 {
		options.Max = options.Target * 5 / 2
	}
	options.Target = min(options.Target, options.Max)
	if options.Unit == "" {
		options.Unit = "tokens"
		if options.Count == nil {
			options.Unit = "words"
		}
	}
	if options.Count == nil {
		options.Count = Words
	}
	return &Chunker{options}
}

// Name tells the version and the sizes; equal names cut equally.
func (c *Chunker) Name() string {
	return fmt.Sprintf("sentences-1/%d-%d-%s", c.options.Target, c.options.Max, c.options.Unit)
}

// Words counts runs of anything but white space.
func Words(text string) int {
	n, inside := 0, false
	for _, r := range text {
		space := unicode.IsSpace(r)
		if !space && !inside {
			n++
		}
		inside = !space
	}
	return n
}

// piece is a sentence, or a part of one that is too long, with its size.
type piece struct {
	span    corpus.Span
	tokens  int
	heading bool // opens a new passage
	closes  bool // ends a paragraph: a good place to stop
}

// Split cuts text into spans that stand in order and cover it without a gap.
// No span holds more than Max tokens, but for a single rune that Count says is
// larger. Runes, and letters with their marks, are never split.
func (c *Chunker) Split(text string) []corpus.Span {
	var spans []corpus.Span
	for _, section := range sections(c.pieces(text)) {
		spans = append(spans, c.pack(section)...)
	}
	return spans
}

func (c *Chunker) pieces(text string) []piece {
	var pieces []piece
	for _, span := range Sentences(text) {
		sentence := text[span.Start:span.End]
		p := piece{span: span, tokens: c.options.Count(sentence), closes: strings.Contains(sentence[len(strings.TrimRight(sentence, " \t\n\r")):], "\n")}
		p.heading = p.closes && p.tokens <= maxHeading && isHeading(strings.TrimSpace(sentence)) && span.End < len(text)
		if p.tokens <= c.options.Max {
			pieces = append(pieces, p)
			continue
		}
		pieces = append(pieces, c.divide(text, span, 0)...)
	}
	return pieces
}

const maxHeading = 12

// isHeading reports whether a line on its own reads as one: a Markdown
// heading, or a short line that ends in a colon or in no mark at all.
func isHeading(line string) bool {
	if strings.HasPrefix(line, "#") {
		return true
	}
	if line == "" || strings.HasPrefix(line, "-") || strings.HasPrefix(line, "*") || strings.HasPrefix(line, "•") {
		return false
	}
	last, _ := utf8.DecodeLastRuneInString(line)
	return last == ':' || unicode.IsLetter(last) || unicode.IsMark(last)
}

// sections starts a new one at every heading that follows other text; headings
// that follow each other stay together.
func sections(pieces []piece) [][]piece {
	var all [][]piece
	start := 0
	for i := 1; i < len(pieces); i++ {
		if pieces[i].heading && !pieces[i-1].heading {
			all = append(all, pieces[start:i])
			start = i
		}
	}
	if len(pieces) > 0 {
		all = append(all, pieces[start:])
	}
	return all
}

// Package chunker cuts clean text into passages: whole sentences, table rows and
// code blocks packed to about a target number of tokens, never across a heading,
// with exact offsets. It is pure and deterministic. Start with [New].
package chunker

import (
	"context"
	"fmt"

	"dalil/corpus"
)

// MaxBytes bounds the text of one passage, whatever its tokens.
const MaxBytes = 8 << 10

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

// Name returns the version and the sizes; equal names cut equally.
func (c *Chunker) Name() string {
	return fmt.Sprintf("sentences-2/%d-%d-%s", c.options.Target, c.options.Max, c.options.Unit)
}

// Passage is one piece of a text.
type Passage struct {
	Span corpus.Span
	// Headings is the path of headings of the passage, outermost first. Headings
	// inside the passage are included.
	Headings []string
	// Context is what a reader of the passage alone would miss: the caption and
	// the header of a table that began in an earlier passage. It is part of what
	// Max bounds.
	Context string
}

// Limits on the number of passages: hostile text could otherwise become many
// more vectors than a text of its size ever does.
const (
	maxPassages  = 1 << 16
	freePassages = 10_000
	leastAverage = 16 // bytes of a passage in the mean, beyond freePassages
)

// Cut cuts text into passages. Their spans are in order and cover the text without
// a gap. No span has more than [MaxBytes] bytes, or more than Max tokens unless
// Count gives a single rune more. Runes are never split, and letters are not split
// from their marks unless a letter has more than MaxBytes of them.
//
// It fails with corpus.ErrInvalid for text that makes far more passages than its
// size allows, and with the error of ctx when that ends.
func (c *Chunker) Cut(ctx context.Context, text string) ([]Passage, error) {
	cut := &cutting{chunker: c, ctx: ctx, text: text, most: min(max(freePassages, len(text)/leastAverage), maxPassages)}
	if err := cut.run(); err != nil {
		return nil, err
	}
	return cut.passages, nil
}

// Split returns the spans of the passages of a text that Cut accepts, nil for
// other texts.
func (c *Chunker) Split(text string) []corpus.Span {
	passages, err := c.Cut(context.Background(), text)
	if err != nil || passages == nil {
		return nil
	}
	spans := make([]corpus.Span, len(passages))
	for i, p := range passages {
		spans[i] = p.Span
	}
	return spans
}

// Package chunker cuts clean text into passages with exact offsets. A passage
// consists of whole sentences, table rows and code blocks, has about a target
// number of tokens, and never crosses a heading. The package is pure and
// deterministic. Start with [New].
package chunker

import (
	"context"
	"fmt"

	"dalil/corpus"
)

// MaxBytes is the largest number of bytes of a passage, whatever its tokens.
const MaxBytes = 8 << 10

// Options has the sizes of passages. The zero value works.
type Options struct {
	Target int              // target size of a passage in tokens; 0: 200
	Max    int              // largest size of a passage in tokens; 0: 2.5 × Target
	Count  func(string) int // returns the tokens of a text: at least 0, not fewer for a longer text, and for two joined texts at most their sum; nil: [Words]
	Unit   string           // name of what Count counts; Count functions with equal names count equally; empty: words or tokens
}

// Chunker cuts texts. It is safe for concurrent use if Count is.
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

// SentencesVersion changes whenever a text may be cut into other sentences.
const SentencesVersion = "sentences-2"

// Name returns the version and the sizes. Chunkers with equal names cut equally.
func (c *Chunker) Name() string {
	return fmt.Sprintf("%s/%d-%d-%s", SentencesVersion, c.options.Target, c.options.Max, c.options.Unit)
}

// Passage is one piece of a text.
type Passage struct {
	Span corpus.Span
	// Headings is the path of headings of the passage, outermost first. Headings
	// inside the passage are included.
	Headings []string
	// Context is the caption and the header of a table that began in an earlier
	// passage. Its tokens count towards Max.
	Context string
}

// Limits on the number of passages, because hostile text could otherwise become far
// more passages than ordinary text of its size.
const (
	maxPassages  = 1 << 16
	freePassages = 10_000
	leastAverage = 16 // mean bytes of a passage beyond freePassages
)

// Cut cuts text into passages. Their spans are in order and cover the text without
// a gap. No span has more than [MaxBytes] bytes. None has more than Max tokens,
// unless Count returns more for a single rune with the marks and white space behind it. Runes are never split. Letters are
// not split from their marks unless a letter has more than MaxBytes of marks.
//
// It returns corpus.ErrInvalid for text that would make far more passages than its
// size allows, and the error of ctx when ctx ends.
func (c *Chunker) Cut(ctx context.Context, text string) ([]Passage, error) {
	cut := &cutting{
		chunker: c, ctx: ctx, text: text, most: min(max(freePassages, len(text)/leastAverage), maxPassages),
		section: make([]piece, 0, min(2+len(text)/128, longSection)),
	}
	if err := cut.run(); err != nil {
		return nil, err
	}
	return cut.passages, nil
}

// Split returns the spans of the passages of a text, or nil if Cut would fail.
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

package embedder

import (
	"context"
	"errors"

	"dalil/corpus"
)

// Cut divides a call into calls that the endpoint accepts, and makes them in order,
// one after the other. It is used instead of [Batched].
func (p *Pace) Cut(e Embedder) Embedder {
	options := p.options
	if limit := e.Model().MaxBatch; options.Texts <= 0 || limit > 0 && limit < options.Texts {
		options.Texts = limit
	}
	return &paced{Embedder: e, pace: p, texts: options.Texts, tokens: options.Tokens, count: tokensOf(e)}
}

type paced struct {
	Embedder
	pace          *Pace
	texts, tokens int // largest number in one call; 0: no limit
	count         func(string) int
}

func (p *paced) Unwrap() Embedder { return p.Embedder }

// cutting is the state of one call of Embed.
type cutting struct {
	*paced
	role  Role
	texts []string
	whole Embeddings
	at    int // texts[:at] are done
	// After a call failed because of its size, no call has more than most texts
	// until all of its texts are done. A refusal shows a permanent limit.
	most, until int
	refused     bool
}

func (p *paced) Embed(ctx context.Context, role Role, texts []string) (Embeddings, error) {
	c := &cutting{paced: p, role: role, texts: texts}
	for c.at < len(texts) {
		if err := c.next(ctx); err != nil {
			return Embeddings{}, err
		}
	}
	return c.whole, nil
}

// next makes one call.
func (c *cutting) next(ctx context.Context) error {
	n := c.fitting()
	part, err := c.Embedder.Embed(ctx, c.role, c.texts[c.at:c.at+n])
	var text *TextError
	switch {
	case err == nil:
		c.add(part, n)
		return nil
	case errors.Is(err, errRecut):
		return ctx.Err()
	case errors.As(err, &text):
		return shifted(err, c.at)
	case ctx.Err() != nil:
		return err
	case errors.Is(err, corpus.ErrInvalid) && n == 1:
		return &TextError{Index: c.at, Err: err}
	case errors.Is(err, corpus.ErrInvalid):
		c.most, c.until, c.refused = n/2, c.at+n, true
		return nil
	case errors.Is(err, ErrTimeout) && n > 1 && c.role == Passage:
		c.most, c.until, c.refused = n/2, c.at+n, false
		return nil
	}
	return err
}

func (c *cutting) add(part Embeddings, n int) {
	if c.at == 0 && n == len(c.texts) {
		c.whole, c.at = part, n
		return
	}
	c.whole.Vectors = append(c.whole.Vectors, part.Vectors...)
	c.whole.Tokens += part.Tokens
	for _, i := range part.Cut {
		c.whole.Cut = append(c.whole.Cut, c.at+i)
	}
	c.at += n
	if c.most > 0 && c.at >= c.until {
		if c.refused {
			c.pace.passed(c.most)
		}
		c.most = 0
	}
}

// fitting returns how many of the remaining texts the next call has, at least one.
func (c *cutting) fitting() int {
	most, mostBytes := c.pace.limit(c.role)
	limits := []int{c.paced.texts, most, c.most}
	left := c.texts[c.at:]
	n, bytes, tokens := 0, 0, 0
	for n < len(left) {
		for _, limit := range limits {
			if limit > 0 && n >= limit {
				return n
			}
		}
		bytes += len(left[n]) + 1
		if c.tokens > 0 {
			tokens += c.count(left[n])
		}
		if n > 0 && (bytes > mostBytes || c.tokens > 0 && tokens > c.tokens) {
			return n
		}
		n++
	}
	return n
}

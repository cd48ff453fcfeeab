package claims

import (
	"context"

	"dalil/corpus"
)

// Comparison has the signs of a claim and one sentence of the sources, or two
// sentences that follow each other.
type Comparison struct {
	Source int
	Signs  []float64 // in the order of SignNames
}

// Compare returns the comparisons of a claim of one sentence, which the model of the
// support is fitted to.
func (c *Checker) Compare(ctx context.Context, claim string, sources []corpus.Source) ([]Comparison, error) {
	sentences := c.read(sources)
	texts := c.claimTexts([]part{{span: corpus.Span{End: len(claim)}, text: claim}})
	back, err := c.backward(ctx, texts, sentences)
	if err != nil {
		return nil, err
	}
	scores, err := c.compare(ctx, &texts[0], 0, sentences, back)
	if err != nil {
		return nil, err
	}
	all := make([]Comparison, len(scores))
	for i := range scores {
		all[i] = Comparison{sentences[i].source, scores[i].signs[:]}
	}
	return all, nil
}

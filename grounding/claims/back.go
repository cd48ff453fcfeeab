package claims

import (
	"context"

	"dalil/corpus"
	"dalil/lexical"
)

// share is how much of a sentence's words a claim has, and the weight of them all.
type share struct{ held, all float64 }

// claimText is a claim in the forms that it is compared in.
type claimText struct {
	part
	sparse corpus.Sparse
	words  int
	facts  []fact
	dates  []dated
	times  []timeOfDay
	negation
}

func (c *Checker) claimTexts(parts []part) []claimText {
	encoder := lexical.NewEncoder(c.deps.Analyzer, sentenceTerms)
	texts := make([]claimText, len(parts))
	for i, p := range parts {
		facts := c.extractor.facts(p.text)
		texts[i] = claimText{
			part: p, sparse: encoder.Passage("", p.text),
			words: len(c.deps.Analyzer.Words(p.text)), facts: facts, dates: datesOf(p.text, facts), times: timesOf(p.text), negation: c.negationOf(p.text),
		}
	}
	return texts
}

// backward looks for the words of each sentence in each claim. It returns the shares
// by sentence and claim.
func (c *Checker) backward(ctx context.Context, claims []claimText, sentences []sentence) ([][]share, error) {
	vocabulary := vocabularyOf(sentences)
	texts := make([]string, len(claims))
	for i := range claims {
		texts[i] = claims[i].text
		for _, d := range claims[i].sparse.Dimensions {
			vocabulary.held[d] = max(vocabulary.held[d], 1)
		}
	}
	shares := make([][]share, len(sentences))
	for i := range sentences {
		if !sentences[i].single() {
			continue
		}
		var err error
		if shares[i], err = c.backwardOne(ctx, &sentences[i], texts, claims, vocabulary); err != nil {
			return nil, err
		}
	}
	for i := range sentences {
		if of := sentences[i].parts; !sentences[i].single() {
			shares[i] = make([]share, len(claims))
			for j := range claims {
				a, b := shares[of[0]][j], shares[of[1]][j]
				shares[i][j] = share{a.held + b.held, a.all + b.all}
			}
		}
	}
	return shares, nil
}

func (c *Checker) backwardOne(ctx context.Context, s *sentence, texts []string, claims []claimText, v words) ([]share, error) {
	question := c.deps.Expander.Question(s.text, v, false)
	shares := make([]share, len(claims))
	near := make([][]float32, len(claims))
	var meaning []float32
	if c.deps.Words != nil {
		ranked, err := c.deps.Words.Rerank(ctx, s.text, texts)
		if err != nil {
			return nil, err
		}
		for j := range ranked {
			near[j] = nearest(&question, &ranked[j], ranked[j].Words)
			if meaning == nil {
				meaning = nearest(&question, &ranked[j], ranked[j].Lengths)
			}
		}
	}
	for j := range claims {
		held := question.Held(claims[j].sparse)
		for k := range question.Groups {
			weight := question.Groups[k].IDF
			if meaning != nil {
				weight *= float64(meaning[k])
			}
			shares[j].held += weight * match(held, near[j], k)
			shares[j].all += weight
		}
	}
	return shares, nil
}

// match is how likely a sentence has word k: by its forms and translations, or by
// the square of its similarity to the nearest word.
func match(held []float64, near []float32, k int) float64 {
	if near == nil {
		return held[k]
	}
	return max(held[k], float64(near[k]*near[k]))
}

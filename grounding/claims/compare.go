package claims

import (
	"context"
	"math"

	"dalil/corpus"
	"dalil/lexical"
	"dalil/searcher"
)

// score is how far one sentence says what a claim says.
type score struct {
	support  float32
	question *lexical.Question
	held     []float64 // of each word of the claim, how likely the sentence holds it
	near     []float32 // of each word, the similarity of the nearest word
}

// words are the frequencies of the sentences themselves, so that a claim's words are
// looked for in them whatever the index holds.
type words struct {
	held     map[uint32]int
	passages int
}

func (w words) Frequency(dimension uint32) int { return w.held[dimension] }
func (w words) Passages() int                  { return w.passages }

// leastPassages keeps words of a few sentences from counting alike: a word that
// every one of three sentences has is still no stop word.
const leastPassages = 50

func vocabularyOf(sentences []sentence) words {
	w := words{held: map[uint32]int{}, passages: max(len(sentences), leastPassages)}
	for i := range sentences {
		for _, d := range sentences[i].sparse.Dimensions {
			w.held[d]++
		}
	}
	return w
}

// The support is a logistic of the signals: the share of the claim's word weight
// that the sentence has, late interaction, and the cosine of both. The numbers were
// chosen by measurement; see dalil eval --grounding.
const (
	baseSupport     = -5.5
	coverageSupport = 4.5
	lateSupport     = 1.0
	cosineSupport   = 6.0
)

// compare scores every sentence for a claim.
func (c *Checker) compare(ctx context.Context, claim string, sentences []sentence) ([]score, error) {
	if len(sentences) == 0 {
		return nil, nil
	}
	question := c.deps.Expander.Question(claim, vocabularyOf(sentences), false)
	var ranked []searcher.Reranking
	if c.deps.Words != nil {
		texts := make([]string, len(sentences))
		for i := range sentences {
			texts[i] = sentences[i].text
		}
		var err error
		if ranked, err = c.deps.Words.Rerank(ctx, claim, texts); err != nil {
			return nil, err
		}
	}
	var meaning []float32 // how much each word of the claim means; nil: unknown
	scores := make([]score, len(sentences))
	for i := range sentences {
		s := &scores[i]
		s.question, s.held = &question, question.Held(sentences[i].sparse)
		var late, cosine float64
		if ranked != nil {
			late, cosine = float64(ranked[i].Late), float64(ranked[i].Sentence)
			s.near = nearest(&question, &ranked[i], ranked[i].Words)
			if meaning == nil {
				meaning = nearest(&question, &ranked[i], ranked[i].Lengths)
			}
		}
		var held, all, meant, weight float64
		for k := range question.Groups {
			g := &question.Groups[k]
			match := s.held[k]
			if s.near != nil {
				match = max(match, float64(s.near[k]*s.near[k]))
			}
			held += g.IDF * match
			all += g.IDF
			if meaning != nil {
				meant += g.IDF * float64(meaning[k]) * match
				weight += g.IDF * float64(meaning[k])
			}
		}
		meant /= max(weight, 1e-9)
		coverage := held / max(all, 1e-9)
		s.support = float32(1 / (1 + math.Exp(-(baseSupport + coverageSupport*(coverage+meant)/2 + lateSupport*late + cosineSupport*cosine))))
	}
	return scores, nil
}

// nearest takes the similarities of the reranker's words over to the claim's.
func nearest(q *lexical.Question, r *searcher.Reranking, values []float32) []float32 {
	if len(values) == 0 || len(values) != len(r.Spans) {
		return nil
	}
	near := make([]float32, len(q.Groups))
	for i := range q.Groups {
		for k, s := range r.Spans {
			if overlap(s, q.Groups[i].Span) {
				near[i] = max(near[i], values[k])
			}
		}
	}
	return near
}

func overlap(a, b corpus.Span) bool { return a.Start < b.End && b.Start < a.End }

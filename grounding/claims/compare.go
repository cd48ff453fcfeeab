package claims

import (
	"context"

	"dalil/corpus"
	"dalil/lexical"
	"dalil/searcher"
)

// score is how far one sentence says what a claim says.
type score struct {
	support  float32
	signs    [signs]float64
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

// compare scores every sentence for the claim of number n.
func (c *Checker) compare(ctx context.Context, claim *claimText, n int, sentences []sentence, back [][]share) ([]score, error) {
	if len(sentences) == 0 {
		return nil, nil
	}
	question := c.deps.Expander.Question(claim.text, vocabularyOf(sentences), false)
	var ranked []searcher.Reranking
	if c.deps.Words != nil {
		texts := make([]string, len(sentences))
		for i := range sentences {
			texts[i] = sentences[i].text
		}
		var err error
		if ranked, err = c.deps.Words.Rerank(ctx, claim.text, texts); err != nil {
			return nil, err
		}
	}
	var meaning []float32 // how much each word of the claim means; nil: unknown
	scores := make([]score, len(sentences))
	for i := range sentences {
		s := &scores[i]
		s.question, s.held = &question, question.Held(sentences[i].sparse)
		if ranked != nil {
			s.signs[signLate], s.signs[signCosine] = float64(ranked[i].Late), float64(ranked[i].Sentence)
			s.near = nearest(&question, &ranked[i], ranked[i].Words)
			if meaning == nil {
				meaning = nearest(&question, &ranked[i], ranked[i].Lengths)
			}
		}
		s.forward(meaning)
		s.signs[signBack] = back[i][n].held / max(back[i][n].all, 1e-9)
		compareLengths(s, claim, &sentences[i])
	}
	compareWithUsual(scores, sentences)
	for i := range scores {
		scores[i].support = float32(c.model.Probability(scores[i].signs[:]))
	}
	return scores, nil
}

// forward fills the signs of the claim's words in the sentence.
func (s *score) forward(meaning []float32) {
	var held, all, meant, weight, lack float64
	for k := range s.question.Groups {
		g := &s.question.Groups[k]
		is := match(s.held, s.near, k)
		held += g.IDF * is
		all += g.IDF
		of := g.IDF
		if meaning != nil {
			of *= float64(meaning[k])
		}
		meant += of * is
		weight += of
		lack = max(lack, of*(1-is))
	}
	s.signs[signCover] = held / max(all, 1e-9)
	s.signs[signMeant], s.signs[signLack] = meant/max(weight, 1e-9), lack/max(weight, 1e-9)
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

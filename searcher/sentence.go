package searcher

import (
	"context"
	"slices"

	"dalil/chunker"
	"dalil/corpus"
	"dalil/embedder"
	"dalil/lexical"
	"dalil/searcher/snippet"
	"dalil/vector"
)

// excerpt finds the best sentence of each passage and the snippet around what matched.
func (r *run) excerpt(ctx context.Context, passages []corpus.Passage, matches []wordMatches) error {
	var unsure []*sentences
	all, m := make([]sentences, len(passages)), r.memory()
	m.likeliest = slices.Grow(m.likeliest[:0], len(r.question.Groups))[:len(r.question.Groups)]
	for i := range passages {
		s := &all[i]
		s.cut(passages[i].Chunk.Text, r.question.Groups, &matches[i], m)
		if r.vector != nil && len(s.spans) > 1 && s.scores[s.best()] < sureSentence {
			unsure = append(unsure, s)
		}
	}
	if err := r.compareSentences(ctx, unsure); err != nil {
		return err
	}
	for i := range passages {
		p := &passages[i]
		if s := &all[i]; len(s.spans) > 0 {
			p.BestSentence = snippet.Trim(p.Chunk.Text, s.spans[s.best()])
		}
		p.Snippet = m.cutter.Cut(p.Chunk.Text, p.BestSentence, matches[i].spans, corpus.MaxSnippet)
	}
	return nil
}

// sureSentence is the share of the question's word weight from which a sentence is
// chosen by its words alone.
const sureSentence = 0.25

// wordMatches are the words of a passage's text that matched, with their spans, and the
// lengths of its sentences.
type wordMatches struct {
	places  []lexical.Place
	spans   []corpus.Span
	lengths []byte
}

// sentences are those of one passage.
type sentences struct {
	text   string
	spans  []corpus.Span
	scores []float64 // by span
}

// cut finds the sentences and scores each by the weight of the question's words that
// it has: for each word the likeliest match counts. Its results are in the memory of the run.
func (s *sentences) cut(text string, groups []lexical.Group, m *wordMatches, room *memory) {
	from := len(room.spans)
	room.spans = appendSentences(room.spans, text, m.lengths)
	s.text, s.spans = text, room.spans[from:len(room.spans):len(room.spans)]
	s.scores = room.floats(len(s.spans))
	var all float64
	for _, g := range groups {
		all += g.IDF
	}
	if all == 0 {
		return
	}
	likeliest, at := room.likeliest, 0
	for i, span := range s.spans {
		clear(likeliest)
		for ; at < len(m.spans) && m.spans[at].Start < span.End; at++ {
			if p := m.places[at]; m.spans[at].Len() > 0 {
				likeliest[p.Word] = max(likeliest[p.Word], p.Share)
			}
		}
		for word, share := range likeliest {
			s.scores[i] += float64(share) * groups[word].IDF / all
		}
	}
}

// best is the first of the sentences with the highest score.
func (s *sentences) best() int {
	best := 0
	for i, score := range s.scores {
		if score > s.scores[best] {
			best = i
		}
	}
	return best
}

// comparedSentences bounds how many sentences of a page are compared by meaning.
const comparedSentences = 24

// compareSentences adds to the scores how near the sentences are to the question in
// meaning, where their words do not decide. Only a model in this process is asked: a
// provider behind a network would cost more than it gives.
func (r *run) compareSentences(ctx context.Context, unsure []*sentences) error {
	if r.deps.Embedder.Model().MaxBatch > 0 {
		return nil
	}
	var texts []string
	for i, s := range unsure {
		if len(texts)+len(s.spans) > comparedSentences {
			unsure = unsure[:i]
			break
		}
		for _, span := range s.spans {
			texts = append(texts, chunker.Plain(s.text[span.Start:span.End]))
		}
	}
	if len(texts) == 0 {
		return nil
	}
	answer, err := r.deps.Embedder.Embed(ctx, embedder.Passage, texts)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil || len(answer.Vectors) != len(texts) {
		return nil // the words decide
	}
	next := 0
	for _, s := range unsure {
		for i := range s.spans {
			s.scores[i] += float64(vector.DotFloat32(r.vector, answer.Vectors[next]))
			next++
		}
	}
	return nil
}

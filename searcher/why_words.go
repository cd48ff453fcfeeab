package searcher

import (
	"context"
	"fmt"
	"slices"

	"dalil/corpus"
	"dalil/lexical"
	"dalil/store"
)

// setExcluded sets the cause if no passage of the document meets what the quotation marks
// and minus signs of the question demand, and names the words that decided.
func (w *why) setExcluded(ctx context.Context, e *corpus.Explained) error {
	if !w.demands.any() {
		return nil
	}
	has := map[string]bool{}
	for from := 0; from < w.record.Chunks; from += whyBatch {
		var ids []corpus.ChunkID
		for i := from; i < min(from+whyBatch, w.record.Chunks); i++ {
			ids = append(ids, w.record.ChunkID(i))
		}
		points, err := w.deps.Store.Chunks(ctx, ids, store.WithText|store.WithDocument)
		if err != nil {
			return fmt.Errorf("read the document's passages: %w", err)
		}
		for i := range points {
			hasWords := w.finder(&points[i])
			if w.demands.meet(hasWords) {
				return nil
			}
			for _, words := range slices.Concat(w.demands.read.Phrases, w.demands.read.Excluded) {
				has[words] = has[words] || hasWords(w.deps.Analyzer.Together(words))
			}
		}
	}
	e.Cause = corpus.CauseExcluded
	for _, phrase := range w.demands.read.Phrases {
		if !has[phrase] {
			e.Lacks = append(e.Lacks, phrase)
		}
	}
	for _, word := range w.demands.read.Excluded {
		if has[word] {
			e.Has = append(e.Has, word)
		}
	}
	return nil
}

// words says where the question's words occur.
func (w *why) words(id corpus.ChunkID) []corpus.ExplainedWord {
	held := []float64(nil)
	if i := slices.IndexFunc(w.candidates, func(c candidate) bool { return c.hit.ID == id }); i >= 0 && w.candidates[i].profile != nil {
		var m lexical.Match
		w.question.Match(w.candidates[i].profile.words, &m)
		held = m.Held
	}
	type placed struct {
		corpus.ExplainedWord
		at int
	}
	var words []placed
	said := func(span corpus.Span) (string, bool) { // a word of the conversation is not in the question
		if span.Len() == 0 || span.End > len(w.query.Text) {
			return "", false
		}
		return w.query.Text[span.Start:span.End], true
	}
	for i, g := range w.question.Groups {
		if word, ok := said(g.Whole); ok {
			words = append(words, placed{corpus.ExplainedWord{
				Word: word, InDocument: i < len(held) && held[i] > 0,
				InIndex: slices.ContainsFunc(g.Dimensions, func(d uint32) bool { return w.vocabulary.Frequency(d) > 0 }),
			}, g.Span.Start})
		}
	}
	for _, t := range w.deps.Analyzer.Words(w.query.Text) {
		searched := slices.ContainsFunc(w.question.Groups, func(g lexical.Group) bool { return g.Whole.Start < t.Span.End && t.Span.Start < g.Whole.End })
		if t.Stop && !searched {
			words = append(words, placed{corpus.ExplainedWord{Word: w.query.Text[t.Span.Start:t.Span.End], Ignored: true}, t.Span.Start})
		}
	}
	slices.SortStableFunc(words, func(a, b placed) int { return a.at - b.at })
	all := make([]corpus.ExplainedWord, len(words))
	for i, word := range words {
		all[i] = word.ExplainedWord
	}
	return all
}

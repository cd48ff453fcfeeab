package searcher

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"dalil/corpus"
	"dalil/embedder"
	"dalil/lexical"
	"dalil/store"
	"dalil/vector"
)

const (
	// similarDepth is the number of candidates of each arm. It is larger than that
	// of a question, because most passages of one document are dropped.
	similarDepth = 300
	// similarPassages is how many passages of a document are read at most. They are
	// spread evenly over it.
	similarPassages = 64
	// similarWords is the number of words that stand for a text in the lexical arm
	// (Lucene's MoreLikeThis uses 25).
	similarWords = 25
	// similarLexical is the weight of the lexical arm; the dense arm has the rest of
	// 1. On 480 paragraphs in two languages, the translation of a
	// paragraph then comes first for .998 (dense alone .981, words alone .996).
	similarLexical = 0.3
)

// Similar finds passages like a document, a passage or a text, in any language of
// the index. The dense arm compares with the mean of the vectors. The lexical arm
// searches for the words with the largest tf·idf and their translations. The
// passages that it was asked about are never among the results. Its errors are
// corpus.ErrInvalid, corpus.ErrNotFound if there is no such document or passage, and
// those of the store and the embedder.
func (s *Searcher) Similar(ctx context.Context, q corpus.SimilarQuery) (corpus.Answer, error) {
	r := run{Searcher: s, depth: similarDepth, lexical: true, query: corpus.Query{
		Limit: cmp.Or(q.Limit, 10), Offset: q.Offset, Filter: q.Filter, MinDense: q.MinDense, View: q.View,
	}}
	defer r.end()
	r.clock.last = time.Now()
	var err error
	if r.vocabulary, err = s.deps.Store.Vocabulary(ctx); err != nil {
		return corpus.Answer{}, fmt.Errorf("read the vocabulary: %w", err)
	}
	original, err := s.original(ctx, &q)
	if err != nil {
		return corpus.Answer{}, err
	}
	if r.vector = original.vector; r.vector == nil { // the model is suspended
		r.degraded = append(r.degraded, corpus.Dense)
	}
	r.clock.lap(corpus.StageEmbed)
	r.query.Text = characteristic(s.deps.Analyzer, original.text, r.vocabulary)
	r.question = s.deps.Expander.Question(r.query.Text, r.vocabulary, false)
	if q.DocumentID != "" {
		r.query.Filter = beside(q.Filter, q.DocumentID)
	}
	r.clock.lap(corpus.StageExpand)
	for n := 1; ; n++ {
		passages, more, err := r.findSimilar(ctx, &q)
		if err == nil && len(passages) == 0 {
			_, err = s.deps.Store.Settings(ctx) // without a collection there is no answer
		}
		if err != nil {
			return corpus.Answer{}, err
		}
		if !r.vanished || n == searches {
			return corpus.Answer{
				Passages: passages, More: more, Candidates: len(r.candidates), Timings: r.clock.laps, Degraded: r.degraded, TopDense: r.topDense,
			}, nil
		}
		r.forget()
	}
}

// findSimilar searches once.
func (r *run) findSimilar(ctx context.Context, q *corpus.SimilarQuery) ([]corpus.Passage, bool, error) {
	if err := r.retrieve(ctx); err != nil {
		return nil, false, err
	}
	m := r.memory()
	fused := m.mix(len(r.candidates), m.armSignal(r.candidates, corpus.Dense, 1-similarLexical), m.armSignal(r.candidates, corpus.Lexical, similarLexical))
	for i := range r.candidates {
		r.candidates[i].final = fused[i]
	}
	sortCandidates(r.candidates)
	per, most := map[string]int{}, cmp.Or(q.PerDocument, 1)
	r.candidates = slices.DeleteFunc(r.candidates, func(c candidate) bool {
		if q.Passage != nil && c.hit.ID == *q.Passage {
			return true
		}
		per[c.hit.DocumentID]++
		return per[c.hit.DocumentID] > most
	})
	r.clock.lap(corpus.StageFuse)
	passages, more, err := r.page(ctx)
	r.clock.lap(corpus.StageHydrate)
	return passages, more, err
}

// original is what the results should be like.
type original struct {
	vector corpus.Vector // of unit length; nil: the embedder does not answer
	text   string
}

func (s *Searcher) original(ctx context.Context, q *corpus.SimilarQuery) (original, error) {
	switch {
	case q.DocumentID != "":
		return s.originalDocument(ctx, q.DocumentID)
	case q.Passage != nil:
		points, err := s.deps.Store.Chunks(ctx, []corpus.ChunkID{*q.Passage}, store.WithText|store.WithDense|store.WithHidden)
		if err != nil {
			return original{}, fmt.Errorf("read passage %s: %w", q.Passage, err)
		}
		if len(points) == 0 {
			return original{}, corpus.Errorf(corpus.ErrNotFound, "there is no passage %s", q.Passage)
		}
		return originalOf(points), nil
	}
	answer, err := s.deps.Embedder.Embed(ctx, embedder.Passage, []string{q.Text})
	if err == nil {
		return original{answer.Vectors[0], q.Text}, nil
	}
	if s.options.RequireAllArms || ctx.Err() != nil {
		return original{}, fmt.Errorf("embed the text: %w", err)
	}
	return original{nil, q.Text}, nil
}

// originalDocument reads a document. A writer may replace it between the two calls;
// then it is read again.
func (s *Searcher) originalDocument(ctx context.Context, id string) (original, error) {
	for n := 1; ; n++ {
		record, err := s.deps.Store.Document(ctx, id)
		if err == nil && (record.Expired || record.Chunks == 0) {
			err = corpus.ErrNotFound
		}
		if err != nil {
			return original{}, fmt.Errorf("read document %q: %w", id, err)
		}
		ids := make([]corpus.ChunkID, min(record.Chunks, similarPassages))
		for i := range ids {
			ids[i] = record.ChunkID(i * record.Chunks / len(ids))
		}
		points, err := s.deps.Store.Chunks(ctx, ids, store.WithText|store.WithDense|store.WithHidden)
		if err != nil {
			return original{}, fmt.Errorf("read the passages of document %q: %w", id, err)
		}
		if len(points) == len(ids) || n == searches && len(points) > 0 {
			o := originalOf(points)
			o.text = record.Document.Title + "\n" + o.text
			return o, nil
		}
		if n == searches {
			return original{}, corpus.Errorf(corpus.ErrUnavailable, "document %q changes too often to be read", id)
		}
	}
}

// originalOf returns the mean of the vectors, and the texts.
func originalOf(points []store.Point) original {
	mean := make(corpus.Vector, len(points[0].Dense))
	var text strings.Builder
	for _, p := range points {
		for i, x := range p.Dense {
			mean[i] += x
		}
		text.WriteString(p.Chunk.Text)
		text.WriteByte('\n')
	}
	length := float32(math.Sqrt(float64(vector.DotFloat32(mean, mean))))
	if length == 0 { // vectors that cancel each other have no direction
		mean = points[0].Dense
	} else {
		for i := range mean {
			mean[i] /= length
		}
	}
	return original{mean, text.String()}
}

// beside adds to a filter that the document is another one.
func beside(f corpus.Filter, id string) corpus.Filter {
	other := corpus.Filter{Not: &corpus.Filter{In: &corpus.In{Field: corpus.FieldDocumentID, Values: []string{id}}}}
	if f.IsZero() {
		return other
	}
	return corpus.Filter{All: []corpus.Filter{f, other}}
}

// characteristic returns the words of a text with the largest tf·idf, as they are
// written, in the order of the text.
func characteristic(a *lexical.Analyzer, text string, vocabulary store.Vocabulary) string {
	type word struct {
		first, times int
		written      string
		weight       float64
	}
	words := map[string]*word{}
	for i, t := range a.Terms(text) {
		if w := words[t.Stem]; w != nil {
			w.times++
		} else {
			words[t.Stem] = &word{first: i, times: 1, written: text[t.Span.Start:t.Span.End]}
		}
	}
	all := make([]*word, 0, len(words))
	for stem, w := range words {
		frequency := max(vocabulary.Frequency(lexical.Hash(stem)), 1)
		w.weight = math.Sqrt(float64(w.times)) * math.Log1p(float64(vocabulary.Passages())/float64(frequency))
		all = append(all, w)
	}
	slices.SortFunc(all, func(a, b *word) int { return cmp.Or(cmp.Compare(b.weight, a.weight), cmp.Compare(a.first, b.first)) })
	all = all[:min(len(all), similarWords)]
	slices.SortFunc(all, func(a, b *word) int { return cmp.Compare(a.first, b.first) })
	written := make([]string, len(all))
	for i, w := range all {
		written[i] = w.written
	}
	return strings.Join(written, " ")
}

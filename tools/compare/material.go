package main

import (
	"context"
	"fmt"
	"math"

	"dalil/corpus"
	"dalil/embedder"
	"dalil/embedder/static"
	"dalil/lexical"
	"dalil/store"
	"dalil/store/local"
)

// material is what every system gets: the same passages and questions, with their
// vectors.
type material struct {
	passages  []passage
	questions []question
	warm      []question // asked first and not measured
}

// passage is a passage with the vectors that Dalil stores for it.
type passage struct {
	id          corpus.ChunkID
	title, text string
	arabic      bool
	dense       corpus.Vector // of unit length
	sparse      corpus.Sparse // BM25's term weights, without the inverse document frequency
}

// question is a question with the vectors that Dalil searches with.
type question struct {
	text   string
	arabic bool
	dense  corpus.Vector
	sparse corpus.Sparse // words with their other forms and translations
}

// export reads the passages of a data folder of Dalil that no server has open, and
// computes the vectors of the questions as Dalil does: with the built-in model and the
// built-in lexicon.
func export(ctx context.Context, data string, questions, warm []string) (*material, error) {
	settings, err := local.Peek(ctx, data)
	if err != nil {
		return nil, err
	}
	s, err := local.Open(ctx, local.Options{Dir: data, Pipeline: settings.Pipeline, ReadOnly: true})
	if err != nil {
		return nil, err
	}
	defer s.Close()
	m := &material{}
	for entry, err := range store.Entries(ctx, s) {
		if err != nil {
			return nil, err
		}
		for _, p := range entry.Points {
			m.passages = append(m.passages, passage{
				id: p.Chunk.ID, title: entry.Document.Title, text: p.Chunk.Text, arabic: lexical.ScriptOf(p.Chunk.Text) == lexical.Arabic,
				dense: unit(p.Dense), sparse: p.Sparse,
			})
		}
	}
	if len(m.passages) < best {
		return nil, fmt.Errorf("the index has %d passages; %d or more are needed", len(m.passages), best)
	}
	words, err := s.Vocabulary(ctx)
	if err != nil {
		return nil, err
	}
	if m.questions, err = vectors(ctx, questions, words); err != nil {
		return nil, err
	}
	m.warm, err = vectors(ctx, warm, words)
	return m, err
}

// unit scales a vector to unit length, which what was stored has only nearly.
func unit(v corpus.Vector) corpus.Vector {
	length := math.Sqrt(inner(v, v))
	scaled := make(corpus.Vector, len(v))
	for i, x := range v {
		scaled[i] = float32(float64(x) / length)
	}
	return scaled
}

// vectors computes the vectors of the questions.
func vectors(ctx context.Context, texts []string, words store.Vocabulary) ([]question, error) {
	model, err := static.Default()
	if err != nil {
		return nil, err
	}
	lexicon, err := lexical.DefaultLexicon()
	if err != nil {
		return nil, err
	}
	embedded, err := model.Embed(ctx, embedder.Query, texts)
	if err != nil {
		return nil, err
	}
	expander := lexical.NewExpander(lexical.NewAnalyzer(), lexicon, lexical.ExpandOptions{})
	all := make([]question, len(texts))
	for i, text := range texts {
		all[i] = question{
			text: text, arabic: lexical.ScriptOf(text) == lexical.Arabic,
			dense: embedded.Vectors[i], sparse: expander.Question(text, words, false).Sparse,
		}
	}
	return all, nil
}

package model

import (
	"context"

	"dalil/chunker"
	"dalil/embedder"
	"dalil/embedder/static"
	"dalil/internal/config"
	"dalil/searcher"
)

// reranker scores candidates with the word vectors of a static model, whatever the
// configured embedder is.
type reranker struct{ scorer *static.Scorer }

var _ searcher.Comparer = reranker{}

func (r reranker) Rerank(ctx context.Context, query string, texts []string) ([]searcher.Reranking, error) {
	return reranked(r.scorer.Score(ctx, query, texts))
}

// ProfileName names the model and how sentences are cut.
func (r reranker) ProfileName() string { return r.scorer.ProfileName() + " sentences-1" }

func (r reranker) Profile(text string) []byte { return r.scorer.Profile(text) }

func (r reranker) RerankProfiles(ctx context.Context, query string, profiles [][]byte, rarity func(word string) float64) ([]searcher.Reranking, error) {
	return reranked(r.scorer.ScoreProfiles(ctx, query, profiles, rarity))
}

func (r reranker) Similar(profile []byte, others [][]byte) []float32 {
	return r.scorer.Similar(profile, others)
}

func reranked(scores []static.Scores, err error) ([]searcher.Reranking, error) {
	if err != nil {
		return nil, err
	}
	ranked := make([]searcher.Reranking, len(scores))
	for i, s := range scores {
		ranked[i] = searcher.Reranking{Late: s.Late, Sentence: s.Sentence, Together: s.Together, Words: s.Words}
		if s.Query != nil {
			ranked[i].Spans, ranked[i].Lengths, ranked[i].Surprisals = s.Query.Spans, s.Query.Lengths, s.Query.Surprisals
		}
	}
	return ranked, nil
}

// OpenReranker uses the configured embedder if it is static, otherwise the built-in
// one. rarity weights the words of a question by their frequency among the documents of
// the caller's tenant. If the frequency came from the candidates alone, a few passages
// in the question's language would outweigh all others.
func OpenReranker(c config.Search, e embedder.Embedder, rarity func(context.Context) (func(word string) float64, error)) (searcher.Reranker, error) {
	if c.RerankDepth == 0 {
		return nil, nil
	}
	words, ok := e.(*static.Embedder)
	if !ok {
		var err error
		if words, err = static.Default(); err != nil {
			return nil, err
		}
	}
	return reranker{words.NewScorer(static.ScorerOptions{Sentences: chunker.Sentences, IDF: rarity})}, nil
}

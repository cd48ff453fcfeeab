package app

import (
	"context"
	"os"

	"dalil/chunker"
	"dalil/embedder"
	"dalil/embedder/openai"
	"dalil/embedder/static"
	"dalil/internal/config"
	"dalil/searcher"
)

// openStatic loads the model that the configuration names.
func openStatic(c config.Config) (embedder.Embedder, error) {
	if c.Embedder.Path == "" {
		return static.Default()
	}
	return static.Load(os.DirFS(c.Embedder.Path), static.Options{})
}

// openOpenAI asks an endpoint. Its calls are tried again within a budget, and
// not at all for a while once it is down.
func openOpenAI(c config.Config) (embedder.Embedder, error) {
	e := c.Embedder
	return openai.New(openai.Options{
		BaseURL: e.URL, Key: string(e.Key), Model: e.Model, Revision: e.Revision, Dimensions: e.Dimensions, MaxTokens: e.MaxTokens,
		MaxBatch: e.MaxBatch, QueryPrefix: e.QueryPrefix, PassagePrefix: e.PassagePrefix, Timeout: e.Timeout,
	})
}

// refiner scores candidates by a static model's word vectors, whatever the
// configured embedder.
type refiner struct{ scorer *static.Scorer }

func (r refiner) Refine(ctx context.Context, query string, texts []string) ([]searcher.Refinement, error) {
	scores, err := r.scorer.Score(ctx, query, texts)
	if err != nil {
		return nil, err
	}
	refined := make([]searcher.Refinement, len(scores))
	for i, s := range scores {
		refined[i] = searcher.Refinement{Late: s.Late, Sentence: s.Sentence}
	}
	return refined, nil
}

// openRefiner uses the configured embedder where it is static, else the
// built-in one. rarity weighs a question's words by what the index holds: by the
// candidates alone, a few passages in the question's language would outweigh
// all others.
func openRefiner(c config.Config, e embedder.Embedder, rarity func(word string) float64) (searcher.Refiner, error) {
	if c.Search.RerankDepth == 0 {
		return nil, nil
	}
	words, ok := e.(*static.Embedder)
	if !ok {
		var err error
		if words, err = static.Default(); err != nil {
			return nil, err
		}
	}
	return refiner{words.NewScorer(static.ScorerOptions{Sentences: chunker.Sentences, IDF: rarity})}, nil
}

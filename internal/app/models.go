package app

import (
	"context"
	"errors"
	"os"

	"dalil/chunker"
	"dalil/embedder"
	"dalil/embedder/static"
	"dalil/internal/config"
	"dalil/searcher"
)

// openStatic loads the model that the configuration names.
func openStatic(c config.Config) (embedder.Embedder, error) {
	if c.Embedder.Path == "" {
		return nil, errors.New("there is no built-in model yet; set embedder.path")
	}
	return static.Load(os.DirFS(c.Embedder.Path), static.Options{})
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

func newRefiner(e *static.Embedder) searcher.Refiner {
	return refiner{e.NewScorer(static.ScorerOptions{Sentences: chunker.Sentences})}
}

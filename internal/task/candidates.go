package task

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"dalil/corpus"
	"dalil/evaluation"
	"dalil/internal/app"
	"dalil/internal/config"
	"dalil/searcher"
)

// RankFeatures returns the names of the features that the searcher gives the learned ranker for each candidate.
func RankFeatures() []string { return searcher.FeatureNames() }

// SignNames returns the names of the signs that the searcher computes the relevance of a candidate from.
func SignNames() []string { return searcher.SignNames() }

// SignDirections returns which way each sign may move the relevance.
func SignDirections() []int { return searcher.SignDirections() }

// LoadSet reads a judged set from a folder in the BEIR layout.
func LoadSet(dir string) (evaluation.Set, error) { return evaluation.Load(dir) }

// Candidates indexes a set into a temporary store, runs its questions as production
// would, and yields the best candidates of each question with their features and
// signs. The learned ranker is trained on the features, without an earlier ranker
// (search.ranker none); the relevance on the signs, with it. The caller is the operator.
func Candidates(ctx context.Context, c config.Config, log *slog.Logger, set evaluation.Set, yield func(evaluation.Judged, []corpus.Passage)) (err error) {
	ctx = corpus.WithPrincipal(ctx, corpus.Operator(""))
	a, remove, err := app.OpenScratch(ctx, c, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, remove()) }()
	raws := make([]corpus.Raw, len(set.Documents))
	for i, d := range set.Documents {
		raws[i] = corpus.Raw{Document: d}
	}
	if err := a.IndexAll(ctx, raws); err != nil {
		return fmt.Errorf("index %s: %w", set.Name, err)
	}
	for _, q := range set.Queries {
		answer, err := a.Search(ctx, corpus.Query{Text: q.Text, Limit: c.Search.RerankDepth, Debug: true, View: corpus.TextView})
		if err != nil {
			return fmt.Errorf("%s: query %s: %w", set.Name, q.ID, err)
		}
		if len(answer.Degraded)+len(answer.DegradedStages) > 0 {
			return fmt.Errorf("%s: query %s was answered without %v %v, so its candidates cannot be used for training", set.Name, q.ID, answer.Degraded, answer.DegradedStages)
		}
		yield(q, answer.Passages)
	}
	return nil
}

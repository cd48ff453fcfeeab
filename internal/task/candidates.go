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

// RankFeatures names the features of a candidate that the searcher gives the learned ranker.
func RankFeatures() []string { return searcher.FeatureNames() }

// LoadSet reads a BEIR folder.
func LoadSet(dir string) (evaluation.Set, error) { return evaluation.Load(dir) }

// Candidates indexes a set into a store of its own, asks its questions as
// production would, and yields for each one the best candidates with their
// features: what the learned ranker is trained on.
func Candidates(ctx context.Context, c config.Config, log *slog.Logger, set evaluation.Set, yield func(evaluation.Judged, []corpus.Passage)) (err error) {
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
		answer, err := a.Search(ctx, corpus.Query{Text: q.Text, Limit: c.Search.RerankDepth, Debug: true})
		if err != nil {
			return fmt.Errorf("%s: query %s: %w", set.Name, q.ID, err)
		}
		if len(answer.Degraded)+len(answer.DegradedStages) > 0 {
			return fmt.Errorf("%s: query %s was answered without %v %v: its candidates would teach the wrong thing", set.Name, q.ID, answer.Degraded, answer.DegradedStages)
		}
		yield(q, answer.Passages)
	}
	return nil
}

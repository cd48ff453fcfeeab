package task

import (
	"context"
	"fmt"

	"dalil/evaluation"
	"dalil/internal/config"
	"dalil/internal/model"
)

// mostClaims is how many claims of a set are checked.
const mostClaims = 600

// Grounding measures the check of claims on sets of parallel sentences: BEIR folders
// whose questions are sentences and whose relevant documents are their translations.
func Grounding(ctx context.Context, c config.Config, dir string) (evaluation.GroundingReport, error) {
	set, err := evaluation.Load(dir)
	if err != nil {
		return evaluation.GroundingReport{}, fmt.Errorf("%s: %w", dir, err)
	}
	return evaluation.MeasureGrounding(ctx, model.NewClaims(c.Search), set, mostClaims)
}

package evaluation

import (
	"context"
	"os"
	"path/filepath"

	"dalil/corpus"
)

// LoadJudged reads the questions of a BEIR folder, or of a folder with a
// queries.jsonl that has judgements.
func LoadJudged(dir string) ([]Judged, error) {
	if _, err := os.Stat(filepath.Join(dir, "corpus.jsonl")); err == nil {
		set, err := Load(dir)
		return set.Queries, err
	}
	return LoadQueries(filepath.Join(dir, "queries.jsonl"))
}

// Service is a search service that is measured end to end.
type Service interface {
	Search(ctx context.Context, q corpus.Query) (corpus.Answer, error)
}

// EndToEnd ranks by a service: it asks page after page until ten different documents are found: one may
// hold several of the best passages. Questions of which a page is degraded are
// counted.
func EndToEnd(s Service, template corpus.Query, degraded *int) Rank {
	return func(ctx context.Context, question string) ([]string, error) {
		whole := true
		defer func() {
			if !whole {
				*degraded++
			}
		}()
		q := template
		q.Text, q.Limit = question, 20
		var ids []string
		different := map[string]bool{}
		for {
			answer, err := s.Search(ctx, q)
			if err != nil {
				return nil, err
			}
			whole = whole && len(answer.Degraded)+len(answer.DegradedStages) == 0
			for _, p := range answer.Passages {
				ids = append(ids, p.Chunk.DocumentID)
				different[p.Chunk.DocumentID] = true
			}
			if len(different) >= 10 || !answer.More {
				return ids, nil
			}
			q.Offset += q.Limit
		}
	}
}

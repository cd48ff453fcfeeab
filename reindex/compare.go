package reindex

import (
	"context"

	"dalil/corpus"
	"dalil/evaluation"
	"dalil/store"
)

// Questions says which questions to run on two collections.
type Questions struct {
	Set    string   // folder of judged questions; "": use Texts
	Texts  []string // nil: titles of the active collection's documents
	Sample int      // largest number of questions
}

// Side is one of the two collections of a comparison.
type Side struct {
	Name  string // of the collection
	Store store.Reader
	Rank  evaluation.Rank
}

// Compare runs the same questions on the active collection and on another one.
func (r *Reindex) Compare(ctx context.Context, before, after Side, q Questions) (c corpus.Comparison, err error) {
	judged, err := q.judged(ctx, before.Store)
	if err != nil {
		return c, err
	}
	texts := make([]string, len(judged))
	ranked := [2][][]string{}
	for i, one := range judged {
		r.report(corpus.Progress{Step: "run the questions on both collections", Done: i, Total: len(judged)})
		texts[i] = one.Text
		for n, side := range []Side{before, after} {
			ids, err := side.Rank(ctx, one.Text)
			if err != nil {
				return c, err
			}
			ranked[n] = append(ranked[n], ids)
		}
	}
	c = evaluation.Compare(texts, ranked[0], ranked[1])
	c.Before, c.After = before.Name, after.Name
	if q.Set != "" {
		c.NDCG10 = &[2]float64{evaluation.Measure(judged, ranked[0]).NDCG10, evaluation.Measure(judged, ranked[1]).NDCG10}
	}
	return c, nil
}

// judged returns the judged questions of a folder, or titles spread over the documents.
func (q Questions) judged(ctx context.Context, r store.Reader) ([]evaluation.Judged, error) {
	if q.Set != "" {
		judged, err := evaluation.LoadJudged(q.Set)
		if err != nil {
			return nil, err
		}
		return judged[:min(len(judged), q.Sample)], nil
	}
	if q.Texts != nil {
		asked := make([]evaluation.Judged, len(q.Texts))
		for i, text := range q.Texts {
			asked[i].Text = text
		}
		return asked, nil
	}
	var titles []evaluation.Judged
	stats, err := r.Stats(ctx)
	if err != nil {
		return nil, err
	}
	step, n := max(1, stats.Documents/max(q.Sample, 1)), 0
	err = store.Each(ctx, r, func(info store.Record) error {
		if n++; n%step == 0 && len(titles) < q.Sample && info.Document.Title != "" {
			titles = append(titles, evaluation.Judged{ID: info.Document.ID, Text: info.Document.Title})
		}
		return nil
	})
	if err == nil && len(titles) == 0 {
		err = corpus.Errorf(corpus.ErrNotReady, "no document has a title to use as a question; name a folder of judged questions")
	}
	return titles, err
}

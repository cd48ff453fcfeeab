package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"

	"dalil/corpus"
	"dalil/evaluation"
	"dalil/internal/config"
	"dalil/store"
)

// CompareRequest says what to ask of which collections.
type CompareRequest struct {
	Collection string         // beside the active one
	Set        string         // folder of judged questions; "": Questions
	Questions  []string       // nil: titles of the active collection's documents
	Sample     int            // questions at most
	Before     *config.Config // of the active collection's pipeline; nil: as the other's
}

// Compare asks the active collection and another the same questions.
func (r *Reindex) Compare(ctx context.Context, request CompareRequest) (c corpus.Comparison, err error) {
	active, err := r.catalogue.Active(ctx)
	if err != nil {
		return c, err
	}
	if active == "" {
		return c, fmt.Errorf("%w: no collection is active to compare with", corpus.ErrNotReady)
	}
	old := r.config
	if request.Before != nil {
		old = *request.Before
	}
	before, err := openSide(ctx, old, r.log, active)
	if err != nil {
		if errors.Is(err, corpus.ErrModelMismatch) && request.Before == nil {
			err = fmt.Errorf("%w; name the configuration that %s was built with by --before", err, active)
		}
		return c, err
	}
	defer before.Close()
	after, err := openSide(ctx, r.config, r.log, request.Collection)
	if err != nil {
		return c, err
	}
	defer after.Close()
	judged, err := questions(ctx, before, request)
	if err != nil {
		return c, err
	}
	texts := make([]string, len(judged))
	ranked := [2][][]string{}
	for i, q := range judged {
		r.tell(corpus.Progress{Step: "ask both collections", Done: i, Total: len(judged)})
		texts[i] = q.Text
		for side, a := range []*App{before, after} {
			ids, err := a.rank(corpus.Query{}, new(int))(ctx, q.Text)
			if err != nil {
				return c, err
			}
			ranked[side] = append(ranked[side], ids)
		}
	}
	c = evaluation.Compare(texts, ranked[0], ranked[1])
	c.Before, c.After = active, request.Collection
	if request.Set != "" {
		c.NDCG10 = &[2]float64{evaluation.Measure(judged, ranked[0]).NDCG10, evaluation.Measure(judged, ranked[1]).NDCG10}
	}
	return c, nil
}

// openSide opens an app on one collection by its name.
func openSide(ctx context.Context, c config.Config, log *slog.Logger, name string) (*App, error) {
	return openWith(ctx, c, log, func(d store.Driver, ctx context.Context, p corpus.Pipeline) (store.Store, error) {
		catalogue, err := openCatalogue(ctx, d, c.Store.Name)
		if err != nil {
			return nil, err
		}
		defer catalogue.Close()
		return catalogue.Open(ctx, name, p)
	})
}

// questions are the judged ones of a folder, or titles spread over the documents.
func questions(ctx context.Context, a *App, request CompareRequest) ([]evaluation.Judged, error) {
	if request.Set != "" {
		judged, err := loadJudged(request.Set)
		if err != nil {
			return nil, err
		}
		return judged[:min(len(judged), request.Sample)], nil
	}
	if request.Questions != nil {
		asked := make([]evaluation.Judged, len(request.Questions))
		for i, q := range request.Questions {
			asked[i].Text = q
		}
		return asked, nil
	}
	g, err := a.generation.pin()
	if err != nil {
		return nil, err
	}
	defer g.release()
	var titles []evaluation.Judged
	stats, err := g.store.Stats(ctx)
	if err != nil {
		return nil, err
	}
	step, n := max(1, stats.Documents/max(request.Sample, 1)), 0
	err = store.Each(ctx, g.store, func(info store.DocumentInfo) error {
		if n++; n%step == 0 && len(titles) < request.Sample && info.Document.Title != "" {
			titles = append(titles, evaluation.Judged{ID: info.Document.ID, Text: info.Document.Title})
		}
		return nil
	})
	if err == nil && len(titles) == 0 {
		err = corpus.Errorf(corpus.ErrNotReady, "no document has a title to ask for; name a folder of judged questions")
	}
	return titles, err
}

// loadJudged reads the questions of a BEIR folder, or of one with a queries.jsonl
// that holds its own judgements.
func loadJudged(dir string) ([]evaluation.Judged, error) {
	if _, err := os.Stat(filepath.Join(dir, "corpus.jsonl")); err == nil {
		set, err := evaluation.Load(dir)
		return set.Queries, err
	}
	return evaluation.LoadQueries(filepath.Join(dir, "queries.jsonl"))
}

package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"dalil/corpus"
	"dalil/evaluation"
	"dalil/indexer"
	"dalil/internal/config"
	"dalil/store"
)

// Metrics are the figures of one set.
type Metrics = evaluation.Metrics

// SetReport is what a set says of the configured pipeline.
type SetReport struct {
	evaluation.Report
	IndexSeconds float64 `json:"index_seconds"`
	// Degraded counts the questions that were answered without an arm that was
	// asked for: the figures are not those of the settings then.
	Degraded int `json:"degraded"`
	// Against is how the set differs from the run that it is compared with.
	Against *Difference `json:"against,omitempty"`
}

// Run is what was measured once, to compare with.
type Run = evaluation.Run

// Difference is how two runs differ.
type Difference = evaluation.Difference

// LoadRun reads a saved run.
func LoadRun(path string) (Run, error) { return evaluation.LoadRun(path) }

// Bootstrap compares two runs of one set.
func Bootstrap(before, after map[string]float64) Difference {
	return evaluation.Bootstrap(before, after)
}

// Evaluate indexes the set in dir into a store of its own, as production
// would, asks its questions with the template's settings, and judges the
// answers.
func Evaluate(ctx context.Context, c config.Config, log *slog.Logger, dir string, template corpus.Query) (report SetReport, err error) {
	set, raws, err := loadSet(ctx, dir)
	if err != nil {
		return SetReport{}, err
	}
	a, remove, err := openForOneSet(ctx, c, log)
	if err != nil {
		return SetReport{}, err
	}
	defer func() { err = errors.Join(err, remove()) }()
	start := time.Now()
	if err := a.indexSet(ctx, raws); err != nil {
		return SetReport{}, fmt.Errorf("index %s: %w", dir, err)
	}
	report.IndexSeconds = time.Since(start).Seconds()
	report.Report, err = evaluation.Judge(ctx, set, evaluation.EndToEnd(a, template, &report.Degraded))
	return report, err
}

// openForOneSet opens an app on an empty place of its own in the configured
// store. remove closes it and removes the place.
func openForOneSet(ctx context.Context, c config.Config, log *slog.Logger) (a *App, remove func() error, err error) {
	if a, err = newApp(c, log); err != nil {
		return nil, nil, err
	}
	place, removePlace, err := a.driver.Scratch()
	if err != nil {
		return nil, nil, err
	}
	a.driver = place
	a, err = a.opened(ctx, store.Driver.Open)
	if err != nil {
		return nil, nil, errors.Join(err, removePlace(context.WithoutCancel(ctx)))
	}
	return a, func() error { return errors.Join(a.Close(), removePlace(context.WithoutCancel(ctx))) }, nil
}

// loadSet reads a BEIR folder, or a folder of articles with judged queries.
func loadSet(ctx context.Context, dir string) (evaluation.Set, []corpus.Raw, error) {
	if _, err := os.Stat(filepath.Join(dir, "corpus.jsonl")); err == nil {
		set, err := evaluation.Load(dir)
		if err != nil {
			return set, nil, err
		}
		raws := make([]corpus.Raw, len(set.Documents))
		for i, d := range set.Documents {
			raws[i] = corpus.Raw{Document: d}
		}
		return set, raws, nil
	} else if !errors.Is(err, fs.ErrNotExist) {
		return evaluation.Set{}, nil, err
	}
	queries, err := evaluation.LoadQueries(filepath.Join(dir, "queries.jsonl"))
	if err != nil {
		return evaluation.Set{}, nil, err
	}
	set := evaluation.Set{Name: filepath.Base(filepath.Clean(dir)), Queries: queries}
	var raws []corpus.Raw
	for raw, err := range indexer.Walk(ctx, []string{dir}, indexer.WalkOptions{Exclude: []string{"*.jsonl"}}) {
		if err != nil {
			return set, nil, fmt.Errorf("%s: %w", raw.Document.Source, err)
		}
		raws = append(raws, raw)
		set.Documents = append(set.Documents, raw.Document)
	}
	return set, raws, nil
}

func (a *App) indexSet(ctx context.Context, raws []corpus.Raw) error {
	g, err := a.generation.pin()
	if err != nil {
		return err
	}
	defer g.release()
	in := make(chan corpus.Raw)
	go func() {
		defer close(in)
		for _, raw := range raws {
			if !send(ctx, in, raw) {
				return
			}
		}
	}()
	var failed error
	err = indexer.New(g.indexDeps, g.indexOptions).Run(ctx, in, func(_ int, r corpus.Receipt) {
		if r.Outcome == corpus.Failed {
			failed = fmt.Errorf("%s: %w", r.DocumentID, r.Err)
		}
	})
	if err == nil {
		err = failed
	}
	return err
}

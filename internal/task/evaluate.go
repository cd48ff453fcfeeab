// Package task has whole commands: each opens what it needs, does one thing and
// closes it. They evaluate a set, back up, restore and export. Start with
// [Evaluate].
package task

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
	"dalil/internal/app"
	"dalil/internal/config"
)

// SetReport has the measures of the configured pipeline on one set.
type SetReport struct {
	evaluation.Report
	IndexSeconds float64 `json:"index_seconds"`
	// Degraded counts the questions that were answered without a requested arm. If
	// it is not 0, the figures do not show the quality of the settings.
	Degraded int `json:"degraded"`
	// Against compares the set with the same set of an earlier run.
	Against *evaluation.Difference `json:"against,omitempty"`
}

// Evaluate indexes the set in dir into a temporary store as production would, runs
// its questions with the settings of template, and measures the answers.
func Evaluate(ctx context.Context, c config.Config, log *slog.Logger, dir string, template corpus.Query) (report SetReport, err error) {
	set, raws, err := loadSet(ctx, dir)
	if err != nil {
		return SetReport{}, err
	}
	a, remove, err := app.OpenScratch(ctx, c, log)
	if err != nil {
		return SetReport{}, err
	}
	defer func() { err = errors.Join(err, remove()) }()
	start := time.Now()
	if err := a.IndexAll(ctx, raws); err != nil {
		return SetReport{}, fmt.Errorf("index %s: %w", dir, err)
	}
	report.IndexSeconds = time.Since(start).Seconds()
	report.Report, err = evaluation.Judge(ctx, set, evaluation.EndToEnd(a, template, &report.Degraded))
	return report, err
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

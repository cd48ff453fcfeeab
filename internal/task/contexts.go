package task

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"

	"dalil/evaluation"
	"dalil/internal/app"
	"dalil/internal/config"
)

// answersFile has the questions of a folder of articles with the texts that answer
// them.
const answersFile = "answers.jsonl"

// EvaluateContexts indexes the set in dir into a store of its own, makes a
// context of at most tokens for each question, and judges whether the answer is
// inside. In a folder of articles the questions are those of answers.jsonl, if it
// is there.
func EvaluateContexts(ctx context.Context, c config.Config, log *slog.Logger, dir string, tokens int) (report evaluation.ContextReport, err error) {
	set, raws, err := loadSet(ctx, dir)
	if err != nil {
		return report, err
	}
	path := filepath.Join(dir, answersFile)
	if _, err := os.Stat(path); err == nil {
		if set.Queries, err = evaluation.LoadQueries(path); err != nil {
			return report, err
		}
	} else if !errors.Is(err, fs.ErrNotExist) {
		return report, err
	}
	a, remove, err := app.OpenScratch(ctx, c, log)
	if err != nil {
		return report, err
	}
	defer func() { err = errors.Join(err, remove()) }()
	if err := a.IndexAll(ctx, raws); err != nil {
		return report, fmt.Errorf("index %s: %w", dir, err)
	}
	return evaluation.JudgeContexts(ctx, set, tokens, a)
}

package task

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"dalil/evaluation"
	"dalil/internal/app"
	"dalil/internal/config"
	"dalil/lexical"
)

// EvaluateConversations indexes the set in dir into a store of its own, makes conversations of its questions, and
// measures how well their second questions are answered.
func EvaluateConversations(ctx context.Context, c config.Config, log *slog.Logger, dir string) (report evaluation.ConversationReport, err error) {
	set, raws, err := loadSet(ctx, dir)
	if err != nil {
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
	return evaluation.JudgeConversations(ctx, set, WordsOf(lexical.NewAnalyzer()), a)
}

// WordsOf reads a question as the index does.
func WordsOf(analyzer *lexical.Analyzer) func(string) []evaluation.Word {
	return func(text string) []evaluation.Word {
		var words []evaluation.Word
		for _, t := range analyzer.Words(text) {
			words = append(words, evaluation.Word{Span: t.Span, Stem: t.Stem, Stop: t.Stop, Arabic: t.Script == lexical.Arabic})
		}
		return words
	}
}

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
	"dalil/lexical"
)

// EvaluateConversations indexes the set in dir into a store of its own, makes conversations of its questions, and
// measures how well their second questions are answered. Then it indexes half of the set at a time, and measures the
// evidence of questions whose passage is there and of those whose passage is not.
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
	words := WordsOf(lexical.NewAnalyzer())
	if report, err = evaluation.JudgeConversations(ctx, set, words, a); err != nil {
		return report, err
	}
	var graded []evaluation.GradedChain
	for half, held := range evaluation.Halves(set) {
		more, err := gradeChains(ctx, c, log, held, every(raws, half), evaluation.Chains(set, words))
		if err != nil {
			return report, err
		}
		graded = append(graded, more...)
	}
	report.Evidence = evaluation.MeasureConversations(graded)
	return report, nil
}

// gradeChains indexes half of a set and asks the questions of all chains.
func gradeChains(ctx context.Context, c config.Config, log *slog.Logger, half evaluation.Set, raws []corpus.Raw, chains []evaluation.Chain) (graded []evaluation.GradedChain, err error) {
	a, remove, err := app.OpenScratch(ctx, c, log)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, remove()) }()
	if err := a.IndexAll(ctx, raws); err != nil {
		return nil, fmt.Errorf("index %s: %w", half.Name, err)
	}
	held := map[string]bool{}
	for _, d := range half.Documents {
		held[d.ID] = true
	}
	return evaluation.GradeConversations(ctx, chains, func(document string) bool { return held[document] }, a)
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

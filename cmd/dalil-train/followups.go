package main

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"

	"dalil/conversation"
	"dalil/embedder/static"
	"dalil/evaluation"
	"dalil/internal/model"
	"dalil/internal/task"
	"dalil/internal/training"
	"dalil/internal/training/followups"
	"dalil/internal/training/relevance"
	"dalil/lexical"
	"dalil/logistic"
)

type followupsCommand struct {
	Pairs []string `required:"" placeholder:"FILE" help:"Files of sentence pairs that the built-in questions are about: tico19, debian-handbook, ms-iot, opensource-guide and ethereum-org; and mintaka-dev, whose questions are about other things. May be repeated."`
	Out   string   `required:"" placeholder:"FILE" help:"File to write; conversation/model.json is built in."`
}

// Run makes conversations of the built-in questions and fits the gate.
func (c *followupsCommand) Run(log *slog.Logger) error {
	if err := training.TryFile(c.Out); err != nil {
		return fmt.Errorf("--out: %w", err)
	}
	files := map[string][]training.Pair{}
	for _, path := range c.Pairs {
		name, _, _ := strings.Cut(filepath.Base(path), ".")
		var err error
		if files[name], err = training.ReadFile(path); err != nil {
			return fmt.Errorf("--pairs: %w", err)
		}
	}
	sets, err := relevance.Written(files)
	if err != nil {
		return fmt.Errorf("--pairs: %w", err)
	}
	deps, err := readers()
	if err != nil {
		return err
	}
	var rows []logistic.Row
	for _, set := range sets {
		for side, language := range []string{"en", "ar"} {
			asked := evaluation.Set{Name: set.Name, Documents: set.Documents}
			for _, q := range set.Queries {
				if slices.Contains(q.Tags, language) {
					asked.Queries = append(asked.Queries, q)
				}
			}
			more, err := followups.Examples(context.Background(), deps, asked, questions(files["mintaka-dev"], side))
			if err != nil {
				return err
			}
			rows = append(rows, more...)
		}
	}
	log.Info("fitting", "questions", len(rows))
	fitted, err := followups.Fit(rows)
	if err != nil {
		return fmt.Errorf("--pairs: %w", err)
	}
	return training.WriteFile(c.Out, fitted.Encode())
}

// elsewhere is how many questions about other things are asked of each set.
const elsewhere = 100

// questions are one side of pairs, spread over them.
func questions(pairs []training.Pair, side int) []string {
	var all []string
	for i := 0; i < len(pairs); i += max(1, len(pairs)/elsewhere) {
		all = append(all, [2]string{pairs[i].Source, pairs[i].Target}[side])
	}
	return all
}

// readers are the built-in models.
func readers() (followups.Deps, error) {
	lexicon, err := model.OpenLexicon("")
	if err != nil {
		return followups.Deps{}, err
	}
	words, err := static.Default()
	if err != nil {
		return followups.Deps{}, err
	}
	analyzer := lexical.NewAnalyzer()
	expander := lexical.NewExpander(analyzer, lexicon, lexical.ExpandOptions{})
	return followups.Deps{
		Reader: conversation.NewReader(analyzer, expander), Expander: expander, Embedder: words,
		Encoder: lexical.NewEncoder(analyzer, lexical.DefaultAverageLength), Words: task.WordsOf(analyzer),
	}, nil
}

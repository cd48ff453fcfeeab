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
	Out   string   `required:"" placeholder:"DIR" help:"Folder for model.json and searched.json; those of conversation are built in."`
}

// Run makes conversations of the built-in questions and fits the gate.
func (c *followupsCommand) Run(log *slog.Logger) error {
	model, searched := filepath.Join(c.Out, "model.json"), filepath.Join(c.Out, "searched.json")
	for _, path := range []string{model, searched} {
		if err := training.TryFile(path); err != nil {
			return fmt.Errorf("--out: %w", err)
		}
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
	var rows followups.Rows
	twins := relevance.Twins()
	for n, set := range sets {
		passages, half := n/2, n%2 // the order of relevance.Written
		for side, language := range []string{"en", "ar"} {
			asked := evaluation.Set{Name: set.Name, Documents: slices.Clone(set.Documents)}
			for _, q := range set.Queries {
				if slices.Contains(q.Tags, language) {
					asked.Queries = append(asked.Queries, q)
				}
			}
			written, err := followups.AddWritten(&asked, files, side, passages, half)
			if err != nil {
				return fmt.Errorf("--pairs: %w", err)
			}
			more, err := followups.Examples(context.Background(), deps, asked, written, questions(files["mintaka-dev"], side), twins)
			if err != nil {
				return err
			}
			rows.Add(more, 1)
			for _, small := range followups.Parts(asked) {
				if more, err = followups.Examples(context.Background(), deps, small, written, nil, twins); err != nil {
					return err
				}
				rows.Add(more, smallWeight)
			}
		}
	}
	log.Info("fitting", "questions", len(rows.Words), "searched", len(rows.Searched))
	for _, m := range []struct {
		path string
		fit  func() (*logistic.Model, error)
	}{{model, rows.Fit}, {searched, rows.FitSearched}} {
		fitted, err := m.fit()
		if err != nil {
			return fmt.Errorf("--pairs: %w", err)
		}
		if err := training.WriteFile(m.path, fitted.Encode()); err != nil {
			return err
		}
	}
	return nil
}

// smallWeight is the weight of questions that are asked of a small index, compared with the same ones asked of a larger one.
const smallWeight = 0.1

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

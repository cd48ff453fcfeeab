package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"

	"dalil/corpus"
	"dalil/evaluation"
	"dalil/internal/config"
	"dalil/internal/model"
	"dalil/internal/task"
	"dalil/internal/training"
	fit "dalil/internal/training/relevance"
	"dalil/searcher/relevance"
)

type calibrateCommand struct {
	Pairs      []string `placeholder:"FILE" help:"Files of sentence pairs that the built-in questions are about: tico19, debian-handbook, ms-iot, opensource-guide and ethereum-org; and mintaka-dev, whose questions are about other things. May be repeated."`
	Sets       []string `placeholder:"DIR" help:"Judged sets of your own in the BEIR layout. Half of the documents are indexed at a time. May be repeated."`
	Config     string   `placeholder:"FILE" help:"Configuration file that names the embedder to fit the table for (default: the built-in model). With --pairs, its search.lexicon should name a lexicon that was not learned from them."`
	Out        string   `required:"" placeholder:"FILE" help:"File to write; name it in search.calibration."`
	Trees      int      `default:"120" help:"Number of trees, 1 to 200."`
	Weak       float64  `default:"0.074" help:"Relevance of the best passage from which the evidence is WEAK; below it is NONE."`
	Sufficient float64  `default:"0.53" help:"Relevance of the best passage from which the evidence is SUFFICIENT."`
}

// Validate returns an error if neither pairs nor sets are given, or if a flag has
// a value that cannot work.
func (c *calibrateCommand) Validate() error {
	if len(c.Pairs)+len(c.Sets) == 0 {
		return errors.New("no questions to fit to; give --pairs FILE or --sets DIR")
	}
	if err := first(whole("--trees", c.Trees, 1, 200), number("--weak", c.Weak, 1e-6, 0.999), number("--sufficient", c.Sufficient, 1e-6, 0.999)); err != nil {
		return err
	}
	if c.Weak >= c.Sufficient {
		return fmt.Errorf("--weak: must be below --sufficient, is %g", c.Weak)
	}
	return nil
}

// fitted is how many of a question's best candidates the table is fitted to.
const fitted = 5

// Run asks the questions of the configured pipeline, with and without the passages
// that answer them, and fits the table.
func (c *calibrateCommand) Run(log *slog.Logger) error {
	if err := training.TryFile(c.Out); err != nil {
		return fmt.Errorf("--out: %w", err)
	}
	settings, err := config.Load(config.Sources{File: c.Config})
	if err != nil {
		return err
	}
	settings.Search.Calibration = "none"
	kind, err := model.Kind(settings.Embedder)
	if err != nil {
		return err
	}
	sets, err := c.sets()
	if err != nil {
		return err
	}
	var questions []fit.Question
	for _, set := range sets {
		log.Info("asking", "set", set.Name, "documents", len(set.Documents), "questions", len(set.Queries))
		err := task.Candidates(context.Background(), settings, log, set, func(q evaluation.Judged, passages []corpus.Passage) {
			questions = append(questions, question(q, passages))
		})
		if err != nil {
			return err
		}
	}
	table, err := fit.Fit(kind, questions, task.SignNames(), task.SignDirections(), fit.Options{
		Trees: c.Trees, Limits: relevance.Limits{Weak: float32(c.Weak), Sufficient: float32(c.Sufficient)},
	})
	if err != nil {
		return err
	}
	return training.WriteFile(c.Out, table.Encode())
}

// sets are the built-in questions about the pairs, and the halves of the judged
// sets.
func (c *calibrateCommand) sets() (sets []evaluation.Set, err error) {
	if len(c.Pairs) > 0 {
		files := map[string][]training.Pair{}
		for _, path := range c.Pairs {
			name, _, _ := strings.Cut(filepath.Base(path), ".")
			if files[name], err = training.ReadFile(path); err != nil {
				return nil, err
			}
		}
		if sets, err = fit.AllWritten(files); err != nil {
			return nil, fmt.Errorf("--pairs: %w", err)
		}
	}
	for _, dir := range c.Sets {
		set, err := task.LoadSet(dir)
		if err != nil {
			return nil, err
		}
		halves := evaluation.Halves(set)
		sets = append(sets, halves[:]...)
	}
	return sets, nil
}

// question keeps the numbers of an answer.
func question(q evaluation.Judged, passages []corpus.Passage) fit.Question {
	asked := fit.Question{Answered: len(q.Relevant) > 0}
	for _, p := range passages[:min(len(passages), fitted)] {
		if len(p.Signs) == 0 {
			continue
		}
		signs := make([]float32, len(p.Signs))
		for i, s := range p.Signs {
			signs[i] = s.Value
		}
		asked.Signs, asked.Answers = append(asked.Signs, signs), append(asked.Answers, q.Relevant[p.Chunk.DocumentID] > 0)
	}
	return asked
}

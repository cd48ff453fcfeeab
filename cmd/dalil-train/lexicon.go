package main

import (
	"fmt"
	"log/slog"

	"dalil/internal/training"
)

type lexiconCommand struct {
	Parallel   []string           `required:"" placeholder:"DIR" help:"Folders of sentence pairs; may be repeated."`
	Lexicon    []string           `placeholder:"DIR" help:"Folders of dictionary rows; may be repeated."`
	Out        string             `required:"" placeholder:"FILE" help:"The file to write."`
	Iterations int                `default:"5" help:"Rounds of expectation maximisation."`
	Least      float64            `default:"0.01" help:"Least weight of a translation that is kept, 0 to 1."`
	Trust      map[string]float64 `placeholder:"FILE=SHARE;..." help:"How much files count, by their names without ending, above 0 to 1; the others count 1. A pair that one file below 0.5 alone has is dropped."`
	Most       int                `default:"24" help:"Translations of a word that are kept."`
}

// Validate names the first flag whose value cannot work.
func (c *lexiconCommand) Validate() error {
	for file, share := range c.Trust {
		if err := number("--trust "+file, share, 1e-6, 1); err != nil {
			return err
		}
	}
	return first(
		whole("--iterations", c.Iterations, 1, 1000),
		number("--least", c.Least, 1e-6, 1),
		whole("--most", c.Most, 1, 10_000),
	)
}

func (c *lexiconCommand) Run(log *slog.Logger) error {
	if err := training.TryFile(c.Out); err != nil {
		return fmt.Errorf("--out: %w", err)
	}
	sentences, err := training.ReadPairs(c.Parallel, false)
	if err != nil {
		return fmt.Errorf("--parallel: %w", err)
	}
	terms, err := training.ReadPairs(c.Lexicon, true)
	if err != nil {
		return fmt.Errorf("--lexicon: %w", err)
	}
	file, err := training.TrainLexicon(append(sentences, terms...), training.LexiconOptions{
		Iterations: c.Iterations, Least: c.Least, Translations: c.Most, Trust: c.Trust, Log: log,
	})
	if err != nil {
		return err
	}
	log.Info("writing", "file", c.Out, "bytes", len(file))
	return training.WriteFile(c.Out, file)
}

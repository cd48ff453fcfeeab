package main

import (
	"log/slog"
	"os"

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

func (c *lexiconCommand) Run(log *slog.Logger) error {
	sentences, err := training.ReadPairs(c.Parallel, false)
	if err != nil {
		return err
	}
	terms, err := training.ReadPairs(c.Lexicon, true)
	if err != nil {
		return err
	}
	file, err := training.TrainLexicon(append(sentences, terms...), training.LexiconOptions{
		Iterations: c.Iterations, Least: c.Least, Translations: c.Most, Trust: c.Trust, Log: log,
	})
	if err != nil {
		return err
	}
	log.Info("writing", "file", c.Out, "bytes", len(file))
	return os.WriteFile(c.Out, file, 0o644)
}

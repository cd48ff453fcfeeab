package main

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"

	"dalil/internal/training"
)

type lexiconCommand struct {
	Parallel   []string           `placeholder:"DIR" help:"Folders of sentence pairs; may be repeated."`
	Lexicon    []string           `placeholder:"DIR" help:"Folders of dictionary rows; may be repeated."`
	Out        string             `placeholder:"FILE" help:"File to write."`
	Show       []string           `placeholder:"WORD" help:"Print the translations of words and train nothing; may be repeated."`
	From       []string           `placeholder:"FILE" default:"builtin" help:"Lexicons that --show reads: builtin or a path. May be repeated."`
	Iterations int                `default:"5" help:"Rounds of expectation maximisation."`
	Least      float64            `default:"0.01" help:"Lowest weight of a translation to keep, 0 to 1."`
	Trust      map[string]float64 `placeholder:"FILE=SHARE;..." help:"Weights of files, by their names without extension, above 0 and up to 1; other files have weight 1. A pair that occurs in only one file is dropped if the weight of that file is below 0.5."`
	Most       int                `default:"24" help:"Largest number of translations to keep for a word."`
}

// Validate refuses a command without a task, and names the first flag
// whose value cannot work.
func (c *lexiconCommand) Validate() error {
	switch {
	case len(c.Show) > 0:
		return nil
	case len(c.Parallel)+len(c.Lexicon) == 0:
		return errors.New("no text to learn from; give --parallel DIR or --lexicon DIR, or --show WORD")
	case c.Out == "":
		return errors.New("no file to write; give --out FILE")
	}
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

// Run trains a lexicon, or shows what one holds.
func (c *lexiconCommand) Run(log *slog.Logger, out io.Writer) error {
	if len(c.Show) > 0 {
		return training.ShowTranslations(out, c.From, c.Show)
	}
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
	pairs := append(sentences, terms...)
	for file := range c.Trust {
		if !slices.ContainsFunc(pairs, func(p training.Pair) bool { return p.Origin == file }) {
			return fmt.Errorf("--trust %s: no file of --parallel or --lexicon has this name", file)
		}
	}
	file, err := training.TrainLexicon(pairs, training.LexiconOptions{
		Iterations: c.Iterations, Least: c.Least, Translations: c.Most, Trust: c.Trust, Log: log,
	})
	if err != nil {
		return err
	}
	log.Info("writing", "file", c.Out, "bytes", len(file))
	return training.WriteFile(c.Out, file)
}

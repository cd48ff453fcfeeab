package main

import (
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"

	"dalil/internal/training"
	"dalil/internal/training/followups"
	"dalil/lexical"
)

type wordsCommand struct {
	Pairs []string `required:"" placeholder:"FILE" help:"Files of sentence pairs, English and Arabic, each about another subject. May be repeated."`
	Out   string   `required:"" placeholder:"DIR" help:"Folder for general.en.txt, general.ar.txt and unfinished.ar.txt; those of conversation/words are built in."`
}

// Run makes the lists of words that the gate of follow-up questions knows.
func (c *wordsCommand) Run(log *slog.Logger) error {
	paths := [3]string{filepath.Join(c.Out, "general.en.txt"), filepath.Join(c.Out, "general.ar.txt"), filepath.Join(c.Out, "unfinished.ar.txt")}
	for _, path := range paths {
		if err := training.TryFile(path); err != nil {
			return fmt.Errorf("--out: %w", err)
		}
	}
	var english, arabic [][]string
	for _, path := range c.Pairs {
		pairs, err := training.ReadFile(path)
		if err != nil {
			return fmt.Errorf("--pairs: %w", err)
		}
		var texts [2][]string
		for _, p := range pairs {
			texts[0], texts[1] = append(texts[0], p.Source), append(texts[1], p.Target)
		}
		english, arabic = append(english, texts[0]), append(arabic, texts[1])
	}
	analyzer := lexical.NewAnalyzer()
	lists := [3][]string{followups.General(english, lexical.Latin, analyzer), followups.General(arabic, lexical.Arabic, analyzer), followups.Unfinished(slices.Concat(arabic...), analyzer)}
	for i, list := range lists {
		if err := training.WriteFile(paths[i], []byte(strings.Join(list, "\n")+"\n")); err != nil {
			return err
		}
		log.Info("wrote", "file", paths[i], "words", len(list))
	}
	return nil
}

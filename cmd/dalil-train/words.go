package main

import (
	"errors"
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
	Subject []string `required:"" placeholder:"FILE" help:"Two or more files of sentence pairs, English first, each about a different subject. All lists are made from them. May be repeated."`
	Pairs   []string `placeholder:"FILE" help:"More files of sentence pairs, English first, for the list of words that rarely end an Arabic clause. May be repeated."`
	Out     string   `required:"" placeholder:"DIR" help:"Folder for general.en.txt, general.ar.txt and unfinished.ar.txt. Those in conversation/words are compiled into the program."`
}

// Run makes the lists of words that the gate of follow-up questions knows.
func (c *wordsCommand) Run(log *slog.Logger) error {
	paths := [3]string{filepath.Join(c.Out, "general.en.txt"), filepath.Join(c.Out, "general.ar.txt"), filepath.Join(c.Out, "unfinished.ar.txt")}
	for _, path := range paths {
		if err := training.TryFile(path); err != nil {
			return fmt.Errorf("--out: %w", err)
		}
	}
	if len(c.Subject) < 2 {
		return errors.New("--subject: give two files or more")
	}
	given := map[string]bool{}
	for _, path := range slices.Concat(c.Subject, c.Pairs) {
		if given[path] {
			return fmt.Errorf("%s is given twice", path)
		}
		given[path] = true
	}
	english, arabic, err := sides("--subject", c.Subject)
	if err != nil {
		return err
	}
	_, more, err := sides("--pairs", c.Pairs)
	if err != nil {
		return err
	}
	analyzer := lexical.NewAnalyzer()
	lists := [3][]string{
		followups.General(english, lexical.Latin, analyzer), followups.General(arabic, lexical.Arabic, analyzer),
		followups.Unfinished(slices.Concat(slices.Concat(arabic...), slices.Concat(more...)), analyzer),
	}
	for i, language := range []string{"English", "Arabic"} {
		if len(lists[i]) == 0 {
			return fmt.Errorf("--subject: the files have no %s words; English is the first column", language)
		}
	}
	for i, list := range lists {
		if err := training.WriteFile(paths[i], []byte(strings.Join(list, "\n")+"\n")); err != nil {
			return err
		}
		log.Info("wrote", "file", paths[i], "words", len(list))
	}
	return nil
}

// sides returns the texts of files on each side, file by file.
func sides(flag string, paths []string) (source, target [][]string, err error) {
	for _, path := range paths {
		pairs, err := training.ReadFile(path)
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", flag, err)
		}
		var texts [2][]string
		for _, p := range pairs {
			texts[0], texts[1] = append(texts[0], p.Source), append(texts[1], p.Target)
		}
		source, target = append(source, texts[0]), append(target, texts[1])
	}
	return source, target, nil
}

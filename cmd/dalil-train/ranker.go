package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"dalil/corpus"
	"dalil/evaluation"
	"dalil/internal/config"
	"dalil/internal/task"
	"dalil/internal/training"
	"dalil/internal/training/ranker"
	"dalil/lexical"
)

type rankerCommand struct {
	Pairs     []string `placeholder:"FILE" help:"Files of sentence pairs in the order of their texts. Questions about the topics of passages are made from them. May be repeated."`
	Sets      []string `placeholder:"DIR" help:"Judged sets in the BEIR layout. Training uses only the numbers that the searcher computes for their candidates, never a text. May be repeated."`
	Questions string   `placeholder:"FILE" help:"File with the questions of the sets to train on, one per line: set, tab, id. The other questions measure the result. Default: train on all questions."`
	Config    string   `placeholder:"FILE" help:"Configuration file that names the embedder to train the ranker for (default: the built-in model)."`
	Out       string   `required:"" placeholder:"FILE" help:"File to write. Name it in the setting search.ranker of dalil."`
	Trees     int      `default:"100" help:"Number of trees. Each takes about 150 ns per question."`
	Made      float64  `default:"0.35" help:"Weight of a generated question; a judged one has weight 1."`
}

// Validate returns an error if neither pairs nor sets are given, or if a flag has
// a value that cannot work.
func (c *rankerCommand) Validate() error {
	if len(c.Pairs)+len(c.Sets) == 0 {
		return errors.New("no questions to learn from; give --pairs FILE or --sets DIR")
	}
	return first(whole("--trees", c.Trees, 1, 10_000), number("--made", c.Made, 1e-6, 1000))
}

// Run makes questions, asks all of them of the configured pipeline, and trains.
func (c *rankerCommand) Run(log *slog.Logger) error {
	if err := training.TryFile(c.Out); err != nil {
		return fmt.Errorf("--out: %w", err)
	}
	settings, err := config.Load(config.Sources{File: c.Config})
	if err != nil {
		return err
	}
	may, err := readQuestions(c.Questions)
	if err != nil {
		return err
	}
	sets, err := c.made()
	if err != nil {
		return err
	}
	made := len(sets)
	for _, dir := range c.Sets {
		set, err := task.LoadSet(dir)
		if err != nil {
			return err
		}
		sets = append(sets, set)
	}
	var train, test []ranker.Example
	for i, set := range sets {
		log.Info("asking", "set", set.Name, "documents", len(set.Documents), "questions", len(set.Queries))
		err := task.Candidates(context.Background(), settings, log, set, func(q evaluation.Judged, passages []corpus.Passage) {
			e := example(set.Name, q, passages)
			switch {
			case i < made:
				e.Weight = c.Made
				train = append(train, e)
			case may == nil || may[set.Name+"\t"+q.ID]:
				train = append(train, e)
			default:
				test = append(test, e)
			}
		})
		if err != nil {
			return err
		}
	}
	model, err := ranker.Train(train, task.RankFeatures(), ranker.Options{
		Trees: c.Trees, Leave: []string{"language", "languages"}, Direction: ranker.Directions(), Log: log,
	})
	if err != nil {
		return err
	}
	for _, line := range ranker.Report(test, model) {
		log.Info("figures on questions that did not train", "set", line.Set, "questions", line.Questions, "before", line.Before, "after", line.After)
	}
	return training.WriteFile(c.Out, model.Encode())
}

// made are the sets that are made of the pairs.
func (c *rankerCommand) made() ([]evaluation.Set, error) {
	var files [][]training.Pair
	for _, path := range c.Pairs {
		pairs, err := training.ReadFile(path)
		if err != nil {
			return nil, err
		}
		files = append(files, pairs)
	}
	if len(files) == 0 {
		return nil, nil
	}
	return ranker.Topics(files, lexical.NewAnalyzer(), ranker.TopicsOptions{}), nil
}

// example keeps the numbers of an answer.
func example(set string, q evaluation.Judged, passages []corpus.Passage) ranker.Example {
	e := ranker.Example{Set: set, Query: q.ID}
	var gains []int
	for _, g := range q.Relevant {
		gains = append(gains, g)
	}
	e.Ideal = ranker.IdealDCG(gains)
	for _, p := range passages {
		if len(p.Features) == 0 {
			continue
		}
		row := make([]float32, len(p.Features))
		for i, f := range p.Features {
			row[i] = f.Value
		}
		e.Features = append(e.Features, row)
		e.Gains = append(e.Gains, q.Relevant[p.Chunk.DocumentID])
		e.Documents = append(e.Documents, p.Chunk.DocumentID)
	}
	return e
}

// readQuestions reads lines of set, tab and id; nil: every question.
func readQuestions(path string) (map[string]bool, error) {
	if path == "" {
		return nil, nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("--questions: %w", err)
	}
	defer f.Close()
	may := map[string]bool{}
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		if strings.Count(lines.Text(), "\t") != 1 {
			return nil, fmt.Errorf("--questions: %s:%d: must be a set, a tab and a question's id, is %q", filepath.Base(path), n, lines.Text())
		}
		may[lines.Text()] = true
	}
	return may, lines.Err()
}

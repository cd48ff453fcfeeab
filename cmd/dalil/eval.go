package main

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"dalil/corpus"
	"dalil/evaluation"
	"dalil/internal/task"
)

type evalCommand struct {
	Dirs []string `arg:"" name:"dir" help:"Folders of judged sets. A set has the BEIR layout (corpus.jsonl, queries.jsonl, qrels.tsv), or it has articles and a queries.jsonl with judgements."`

	tenantFlag
	Arms   []string `placeholder:"ARM,..." help:"Arms to search with: dense (vectors), lexical (words). Default: both."`
	Fusion string   `enum:"mix,rrf" type:"choice" default:"mix" help:"How the scores of the arms are fused: mix (weighted sum of standardised scores) or rrf (reciprocal ranks)."`
	Rerank string   `enum:"auto,on,off" type:"choice" default:"auto" help:"Whether to rerank the best candidates: auto (as configured), on or off."`
	JSON   bool     `help:"Print one JSON object."`

	Context *int `xor:"measure" placeholder:"TOKENS" help:"Instead, print the share of questions whose answer is in a context of this many tokens."`

	Conversation bool `xor:"measure" help:"Instead, measure the answers to follow-up questions and their evidence, with conversations of two questions that are generated from each set. For the evidence, half of each set is indexed at a time."`

	Evidence bool `xor:"measure" help:"Instead, measure how well the evidence of answers distinguishes questions with an answer in the index from questions without one. Half of each set is indexed at a time."`

	Grounding bool `help:"Instead, measure how well CheckGrounding distinguishes supported claims from unsupported ones. Each question of a set must be a sentence, and its relevant document a translation of it."`

	Save    string `placeholder:"FILE" help:"Write the nDCG@10 of each question to this file, for a later run with --against."`
	Against string `placeholder:"FILE" help:"Compare with the run in this file: print the mean difference of nDCG@10, its 95 % interval (paired bootstrap), and whether it may be chance."`
}

// Run indexes each set into a temporary store with the configured pipeline, runs
// its questions, and prints the measures.
func (c *evalCommand) Run(ctx context.Context, g *Globals, s streams) error {
	if err := c.together(); err != nil {
		return err
	}
	ctx, err := c.operator(ctx)
	if err != nil {
		return err
	}
	settings, err := g.load(s)
	if err != nil {
		return err
	}
	if c.Context != nil {
		return c.judgeContexts(ctx, settings, s, *c.Context)
	}
	if c.Grounding {
		return c.judgeGrounding(ctx, settings, s)
	}
	if c.Evidence {
		return c.judgeEvidence(ctx, settings, s)
	}
	if c.Conversation {
		return c.judgeConversations(ctx, settings, s)
	}
	var template corpus.Query
	if template.Arms, err = parseArms(c.Arms); err != nil {
		return err
	}
	if c.Fusion == "rrf" {
		template.Fusion.Method = corpus.RRF
	}
	if c.Rerank != "auto" {
		on := c.Rerank == "on"
		template.Rerank = &on
	}
	var before evaluation.Run
	if c.Against != "" {
		if before, err = evaluation.LoadRun(c.Against); err != nil {
			return fmt.Errorf("--against: %w", err)
		}
	}
	now := evaluation.Run{}
	sets := []task.SetReport{}
	degraded := 0
	for _, dir := range c.Dirs {
		report, err := task.Evaluate(ctx, settings, logger(settings, s.err), dir, template)
		if err != nil {
			return err
		}
		now[report.Name] = report.Questions
		if asked, held := before[report.Name]; held {
			d := evaluation.Bootstrap(asked, report.Questions)
			report.Against = &d
		}
		if !c.JSON {
			if len(sets) == 0 {
				fmt.Fprintf(s.out, "%-32s %7s %8s %8s %8s %8s %8s %8s %8s %7s  %s\n", "set", "queries", "ndcg@10", "recall@1", "recall@3", "recall@10", "mrr@10",
					"ms/query", "degraded", "own 1st", against(c.Against))
			}
			printReport(s, report)
		}
		sets = append(sets, report)
		degraded += report.Degraded
	}
	if c.Save != "" {
		if err := now.Save(c.Save); err != nil {
			return fmt.Errorf("--save: %w", err)
		}
	}
	if c.JSON {
		if err := json.NewEncoder(s.out).Encode(map[string]any{"sets": sets}); err != nil {
			return err
		}
	}
	if degraded > 0 {
		return fmt.Errorf("%d questions were answered without a requested arm or reranker, so the figures do not show the quality of these settings; "+
			"\"dalil doctor\" says what is wrong", degraded)
	}
	return nil
}

// together returns an error for flags that have no effect together.
func (c *evalCommand) together() error {
	measure := ""
	switch {
	case c.Context != nil:
		measure = "--context"
	case c.Conversation:
		measure = "--conversation"
	case c.Evidence:
		measure = "--evidence"
	default:
		return nil
	}
	for _, flag := range []struct {
		name string
		set  bool
	}{
		{"--arms", len(c.Arms) > 0},
		{"--fusion", c.Fusion != "mix"},
		{"--rerank", c.Rerank != "auto"},
		{"--save", c.Save != ""},
		{"--against", c.Against != ""},
	} {
		if flag.set {
			return fmt.Errorf("%s and %s do not go together: %s is for the measures of the ranking", measure, flag.name, flag.name)
		}
	}
	return nil
}

func printReport(s streams, r task.SetReport) {
	row := func(name string, m evaluation.Metrics, rest, degraded, own, against string) {
		fmt.Fprintf(s.out, "%-32s %7d %8.4f %8.4f %8.4f %8.4f %8.4f %8s %8s %7s  %s\n",
			name, m.Queries, m.NDCG10, m.Recall1, m.Recall3, m.Recall10, m.MRR10, rest, degraded, own, against)
	}
	own := ""
	if r.OwnFirst != nil {
		own = fmt.Sprintf("%.2f", r.OwnFirst.Share)
	}
	row(r.Name, r.Metrics, fmt.Sprintf("%.2f", r.MeanMilliseconds), fmt.Sprint(r.Degraded), own, difference(r.Against))
	for _, tag := range slices.Sorted(maps.Keys(r.Tags)) {
		own := ""
		if r.OwnFirst != nil && r.OwnFirst.Tags[tag] != nil {
			own = fmt.Sprintf("%.2f", r.OwnFirst.Tags[tag].Share)
		}
		row("  "+tag, r.Tags[tag], "", "", own, "")
	}
}

// against returns the heading of the comparison.
func against(file string) string {
	if file == "" {
		return ""
	}
	return "against " + file
}

// difference describes how a set's nDCG@10 differs from that of the compared run.
func difference(d *evaluation.Difference) string {
	switch {
	case d == nil:
		return ""
	case d.Questions == 0:
		return "no question in common"
	case d.Noise():
		return fmt.Sprintf("%+.4f (%+.4f to %+.4f): noise", d.Mean, d.Low, d.High)
	}
	return fmt.Sprintf("%+.4f (%+.4f to %+.4f)", d.Mean, d.Low, d.High)
}

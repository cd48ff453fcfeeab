package main

import (
	"context"
	"encoding/json"
	"fmt"

	"dalil/evaluation"
	"dalil/internal/config"
	"dalil/internal/task"
)

// judgeConversations prints how well follow-up questions are answered.
func (c *evalCommand) judgeConversations(ctx context.Context, settings config.Config, s streams) error {
	// The evidence is printed after the ranking of all sets, because it has other columns.
	reports := []evaluation.ConversationReport{}
	if !c.JSON {
		fmt.Fprintf(s.out, "%-32s %9s %14s %13s %14s %10s %9s\n", "set", "questions", "ndcg@10 alone", "with history", "full question", "follow-ups", "extra ms")
	}
	for _, dir := range c.Dirs {
		report, err := task.EvaluateConversations(ctx, settings, logger(settings, s.err), dir)
		if err != nil {
			return err
		}
		reports = append(reports, report)
		if c.JSON {
			continue
		}
		fmt.Fprintln(s.out, report.Name)
		for _, r := range report.Chains {
			fmt.Fprintf(s.out, "  %-30s %9d %14.4f %13.4f %14.4f %9.1f%% %9.2f\n", r.Kind, r.Questions, r.Alone, r.History, r.Full, 100*r.FollowUps, r.Extra)
		}
	}
	if c.JSON {
		return json.NewEncoder(s.out).Encode(map[string]any{"conversations": reports})
	}
	printConversationEvidence(s, reports)
	return nil
}

// printConversationEvidence prints the evidence of follow-ups beside that of the full questions.
func printConversationEvidence(s streams, reports []evaluation.ConversationReport) {
	fmt.Fprintf(s.out, "\nEvidence with half of each set indexed at a time. A question is answered if its passage is in the index, otherwise off-topic.\n")
	fmt.Fprintf(s.out, "%-32s %9s %9s %23s %23s %23s %23s\n", "", "", "", "answered SUFFICIENT", "off-topic SUFFICIENT", "answered NONE", "off-topic NONE")
	fmt.Fprintf(s.out, "%-32s %9s %9s", "set", "answered", "off-topic")
	for range 4 {
		fmt.Fprintf(s.out, " %12s %10s", "with history", "full")
	}
	fmt.Fprintln(s.out)
	for _, report := range reports {
		fmt.Fprintln(s.out, report.Name)
		for _, e := range report.Evidence {
			h, f := e.History, e.Full
			fmt.Fprintf(s.out, "  %-30s %9d %9d", e.Kind, h.Answered, h.OffTopic)
			for _, shares := range [][2]float64{
				{h.AnsweredSufficient, f.AnsweredSufficient},
				{h.OffTopicSufficient, f.OffTopicSufficient},
				{h.AnsweredNone, f.AnsweredNone},
				{h.OffTopicNone, f.OffTopicNone},
			} {
				fmt.Fprintf(s.out, " %12.3f %10.3f", shares[0], shares[1])
			}
			fmt.Fprintln(s.out)
		}
	}
}

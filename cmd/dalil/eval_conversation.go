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
	return nil
}

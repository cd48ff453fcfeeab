package main

import (
	"context"
	"encoding/json"
	"fmt"

	"dalil/evaluation"
	"dalil/internal/config"
	"dalil/internal/task"
)

// judgeGrounding prints how well the check of claims tells what sources say from
// what they do not.
func (c *evalCommand) judgeGrounding(ctx context.Context, settings config.Config, s streams) error {
	var reports []evaluation.GroundingReport
	for i, dir := range c.Dirs {
		r, err := task.Grounding(ctx, settings, dir)
		if err != nil {
			return err
		}
		reports = append(reports, r)
		if c.JSON {
			continue
		}
		if i == 0 {
			fmt.Fprintf(s.out, "%-24s %7s %7s %8s %6s %13s %11s %13s\n", "set", "claims", "auc", "changed", "told", "numbers told", "names told", "false alarms")
		}
		fmt.Fprintf(s.out, "%-24s %7d %7.4f %8d %6.3f %13.3f %11.3f %13.3f\n", r.Set, r.Claims, r.AUC, r.Changed, r.Told, r.ToldNumbers, r.ToldNames, r.FalseAlarms)
	}
	if c.JSON {
		return json.NewEncoder(s.out).Encode(map[string]any{"grounding": reports})
	}
	return nil
}

package main

import (
	"context"
	"encoding/json"
	"fmt"

	"dalil/evaluation"
	"dalil/internal/config"
	"dalil/internal/task"
)

// judgeGrounding prints how well the check of claims distinguishes supported claims
// from unsupported ones.
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
			fmt.Fprintf(s.out, "%-24s %7s %7s %8s %8s %16s %14s %13s\n", "set", "claims", "auc", "changed", "detected", "numbers detected", "names detected", "false alarms")
		}
		fmt.Fprintf(s.out, "%-24s %7d %7.4f %8d %8.3f %16.3f %14.3f %13.3f\n", r.Set, r.Claims, r.AUC, r.Changed, r.Detected, r.DetectedNumbers, r.DetectedNames, r.FalseAlarms)
	}
	if c.JSON {
		return json.NewEncoder(s.out).Encode(map[string]any{"grounding": reports})
	}
	return nil
}

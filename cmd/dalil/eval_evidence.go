package main

import (
	"context"
	"encoding/json"
	"fmt"

	"dalil/internal/config"
	"dalil/internal/task"
)

// judgeEvidence prints how well evidence distinguishes questions with an answer
// from questions without one.
func (c *evalCommand) judgeEvidence(ctx context.Context, settings config.Config, s streams) error {
	reports, err := task.Evidence(ctx, settings, logger(settings, s.err), c.Dirs)
	if err != nil {
		return err
	}
	if c.JSON {
		return json.NewEncoder(s.out).Encode(map[string]any{"evidence": reports})
	}
	fmt.Fprintf(s.out, "%-24s %-5s %9s %9s %7s %21s %21s %12s %8s\n", "", "", "", "", "", "SUFFICIENT", "NONE", "calibration", "")
	fmt.Fprintf(s.out, "%-24s %-5s %9s %9s %7s %10s %10s %10s %10s %12s %8s\n",
		"set", "case", "answered", "off-topic", "auc", "answered", "off-topic", "answered", "off-topic", "error", "unknown")
	for _, r := range reports {
		fmt.Fprintf(s.out, "%-24s %-5s %9d %9d %7.4f %10.3f %10.3f %10.3f %10.3f %12.3f %8d\n",
			r.Set, r.Case, r.Answered, r.OffTopic, r.AUC, r.AnsweredSufficient, r.OffTopicSufficient, r.AnsweredNone, r.OffTopicNone, r.CalibrationError, r.Unknown)
	}
	return nil
}

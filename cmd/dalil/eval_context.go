package main

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"dalil/evaluation"
	"dalil/internal/config"
	"dalil/internal/task"
)

// judgeContexts prints how often the context of a question has its answer.
func (c *evalCommand) judgeContexts(ctx context.Context, settings config.Config, s streams, tokens int) error {
	if tokens < 1 || tokens > settings.Context.MaxTokens {
		return fmt.Errorf("--context: must be 1 to %d, is %d", settings.Context.MaxTokens, tokens)
	}
	reports := []evaluation.ContextReport{}
	if !c.JSON {
		fmt.Fprintf(s.out, "%-32s %9s %8s %12s %12s %12s\n", "set", "questions", "inside", "mean tokens", "mean blocks", "over budget")
	}
	over := 0
	for _, dir := range c.Dirs {
		r, err := task.EvaluateContexts(ctx, settings, logger(settings, s.err), dir, tokens)
		if err != nil {
			return err
		}
		reports = append(reports, r)
		over += r.Over
		if c.JSON {
			continue
		}
		fmt.Fprintf(s.out, "%-32s %9d %7.1f%% %12.0f %12.1f %12d\n", r.Name, r.Overall.Questions, 100*r.Overall.Inside, r.Tokens, r.Blocks, r.Over)
		for _, tag := range slices.Sorted(maps.Keys(r.Tags)) {
			fmt.Fprintf(s.out, "  %-30s %9d %7.1f%%\n", tag, r.Tags[tag].Questions, 100*r.Tags[tag].Inside)
		}
	}
	if c.JSON {
		if err := json.NewEncoder(s.out).Encode(map[string]any{"contexts": reports}); err != nil {
			return err
		}
	}
	if over > 0 {
		return fmt.Errorf("%d contexts have more tokens than --context allows", over)
	}
	return nil
}

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"dalil/internal/app"
)

type doctorCommand struct {
	JSON bool `help:"Print one JSON object."`
}

// Run checks everything that a healthy service needs and says what to do.
func (c *doctorCommand) Run(ctx context.Context, g *Globals, s streams) error {
	settings, err := g.load(s)
	if err != nil {
		return err
	}
	findings := app.Doctor(ctx, settings, logger(settings, s.err))
	failed := false
	for _, f := range findings {
		failed = failed || f.State == "failed"
	}
	if c.JSON {
		err = json.NewEncoder(s.out).Encode(map[string]any{"findings": findings})
	} else {
		err = printFindings(s, findings)
	}
	if err == nil && failed {
		err = errPartly
	}
	return err
}

func printFindings(s streams, findings []app.Finding) error {
	for _, f := range findings {
		line := fmt.Sprintf("%-8s %-18s %s", f.State, f.Check, strings.ReplaceAll(f.Detail, "\n", "; "))
		if f.Advice != "" {
			line += "\n" + strings.Repeat(" ", 28) + f.Advice
		}
		if _, err := fmt.Fprintln(s.out, line); err != nil {
			return err
		}
	}
	return nil
}

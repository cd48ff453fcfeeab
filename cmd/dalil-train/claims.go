package main

import (
	"context"
	"fmt"
	"log/slog"

	"dalil/internal/config"
	"dalil/internal/model"
	"dalil/internal/training"
	"dalil/internal/training/claims"
)

type claimsCommand struct {
	Pairs []string `required:"" placeholder:"FILE" help:"Files of sentence pairs in the order of their texts. May be repeated."`
	Out   string   `required:"" placeholder:"FILE" help:"File to write; grounding/claims/model.json is built in."`
}

// Run compares sentences with their translations and with the sentences around
// these, and fits the model.
func (c *claimsCommand) Run(log *slog.Logger) error {
	if err := training.TryFile(c.Out); err != nil {
		return fmt.Errorf("--out: %w", err)
	}
	var files [][]training.Pair
	for _, path := range c.Pairs {
		pairs, err := training.ReadFile(path)
		if err != nil {
			return fmt.Errorf("--pairs: %w", err)
		}
		files = append(files, pairs)
	}
	examples, err := claims.Examples(context.Background(), model.NewClaims(config.Default().Search), files)
	if err != nil {
		return err
	}
	log.Info("fitting", "claims", len(examples))
	fitted, err := claims.Fit(examples)
	if err != nil {
		return fmt.Errorf("--pairs: %w", err)
	}
	return training.WriteFile(c.Out, fitted.Encode())
}

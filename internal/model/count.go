package model

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"

	"dalil/embedder"
	"dalil/embedder/tokenizer"
)

// counting counts the tokens of a text.
type counting struct {
	tokens  func(string) int
	special int // largest number of tokens that the model adds to a text
	exact   bool
	name    string // two countings with equal names give equal counts
}

// Tokens returns the number of tokens of a text.
func (c *counting) Tokens(text string) int { return c.tokens(text) }

// countingOf returns a counting with the configured tokenizer, or else the
// adapter's own, or else an estimate.
func countingOf(e embedder.Embedder, path string) (*counting, error) {
	if path == "" {
		if own := embedder.TokenCounter(e); own != nil {
			return &counting{own.Tokens, 0, true, "tokens"}, nil
		}
		return &counting{embedder.EstimateTokens, 4, false, "estimate-1"}, nil
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("embedder.tokenizer: %w", err)
	}
	t, err := tokenizer.Load(data)
	if err != nil {
		return nil, fmt.Errorf("embedder.tokenizer: %s: %w", path, err)
	}
	sum := sha256.Sum256(data)
	return &counting{t.Count, len(t.AppendIDsSpecial(nil, "")), true, "tokens-" + hex.EncodeToString(sum[:4])}, nil
}

package model

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"

	"dalil/embedder"
	"dalil/embedder/tokenizer"
)

// counting is how the tokens of a text are counted.
type counting struct {
	tokens  func(string) int
	special int // that the model sets around a text, at most
	exact   bool
	name    string // equal names count equally
}

// Tokens makes it a counter.
func (c *counting) Tokens(text string) int { return c.tokens(text) }

// countingOf reads the tokenizer that the configuration names, or takes the
// adapter's own, or estimates.
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

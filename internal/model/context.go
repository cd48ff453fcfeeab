package model

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"

	"dalil/embedder/tokenizer"
	"dalil/grounding"
)

// ContextCounter counts the tokens of contexts with the tokenizer.json at path;
// without a path it estimates.
func ContextCounter(path string) (grounding.Counter, error) {
	if path == "" {
		return grounding.Estimate{}, nil
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("context.tokenizer: %w", err)
	}
	t, err := tokenizer.Load(data)
	if err != nil {
		return nil, fmt.Errorf("context.tokenizer: %s: %w", path, err)
	}
	sum := sha256.Sum256(data)
	name := filepath.Base(filepath.Dir(path)) + "/" + filepath.Base(path) + "@" + hex.EncodeToString(sum[:4])
	return grounding.Counting{Tokens: t.Count, Title: name}, nil
}

// Command spec prints the pre-tokenisation of the built-in models for golden.py.
package main

import (
	"encoding/json"
	"os"

	"dalil/embedder/tokenizer"
)

func main() {
	err := json.NewEncoder(os.Stdout).Encode(map[string]json.RawMessage{
		"normalizer":    tokenizer.ArabicNormalizer(),
		"pre_tokenizer": tokenizer.WordPieces(),
	})
	if err != nil {
		os.Exit(1)
	}
}

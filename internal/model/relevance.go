package model

import (
	"fmt"
	"os"

	"dalil/embedder"
	"dalil/embedder/static"
	"dalil/searcher"
	"dalil/searcher/relevance"
)

// OpenRelevance reads the table that the setting search.calibration names; nil:
// relevance is not computed.
func OpenRelevance(name string, e embedder.Embedder) (*relevance.Table, error) {
	signs := searcher.SignNames()
	switch name {
	case "none":
		return nil, nil
	case "":
		kind := kindOf(e)
		if kind == "" {
			return nil, nil
		}
		return relevance.Open(kind, signs)
	}
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("search.calibration: %w", err)
	}
	table, err := relevance.Load(data, signs)
	if err != nil {
		return nil, fmt.Errorf("search.calibration: %s: %w", name, err)
	}
	return table, nil
}

// kindOf names the kind of a model that built-in tables may be fitted to; "": none
// can be.
func kindOf(e embedder.Embedder) string {
	if _, ok := e.(*static.Embedder); ok {
		return "static"
	}
	return ""
}

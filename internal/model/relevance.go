package model

import (
	"fmt"
	"os"

	"dalil/corpus"
	"dalil/embedder"
	"dalil/embedder/static"
	"dalil/internal/config"
	"dalil/searcher"
	"dalil/searcher/relevance"
)

// OpenRelevance reads the table that the setting search.calibration names; nil:
// relevance is not computed. provider is the setting embedder.name: a table that was
// fitted to another kind of model is refused.
func OpenRelevance(name, provider string, e embedder.Embedder) (*relevance.Table, error) {
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
	if table.Kind() != provider {
		return nil, corpus.Errorf(corpus.ErrInvalid, "search.calibration: %s was fitted to a model of the kind %q, and embedder.name is %q; fit a table to this model with dalil-train calibrate",
			name, table.Kind(), provider)
	}
	return table, nil
}

// Kind names the kind of the model that the settings choose, as tables of relevance do:
// embedder.name, or that of the preset.
func Kind(e config.Embedder) (string, error) {
	e, err := withPreset(e)
	return e.Name, err
}

// kindOf names the kind of a model that built-in tables may be fitted to; "": none
// can be.
func kindOf(e embedder.Embedder) string {
	if _, ok := e.(*static.Embedder); ok {
		return "static"
	}
	return ""
}

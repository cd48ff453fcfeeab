package model

import (
	"fmt"
	"os"

	"dalil/embedder"
	"dalil/embedder/static"
	"dalil/searcher"
	"dalil/searcher/trees"
)

// OpenRanker reads the learned ranker that the setting search.ranker names.
func OpenRanker(name string) (*trees.Model, error) {
	names := searcher.FeatureNames()
	switch name {
	case "none":
		return nil, nil
	case "":
		return trees.Default(names)
	}
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("search.ranker: %w", err)
	}
	model, err := trees.Load(data, names)
	if err != nil {
		return nil, fmt.Errorf("search.ranker: %s: %w", name, err)
	}
	return model, nil
}

// Measured reports whether the weights of the searcher were measured with this
// model.
func Measured(e embedder.Embedder) bool {
	_, ok := e.(*static.Embedder)
	return ok
}

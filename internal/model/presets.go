package model

import (
	"cmp"
	"fmt"

	"dalil/corpus"
	"dalil/embedder"
	"dalil/internal/config"
)

// withPreset fills in settings of the preset that the configuration does not set.
func withPreset(e config.Embedder) (config.Embedder, error) {
	if e.Preset == "" {
		return e, nil
	}
	p, err := Pick("embedder.preset", e.Preset, embedder.Presets())
	if err != nil {
		return e, err
	}
	if e.Dimensions > 0 && e.Dimensions < p.Dimensions && !p.Shortens {
		return e, corpus.Invalid("embedder.dimensions", fmt.Sprintf("is %d; vectors of %s have %d and can't be cut", e.Dimensions, e.Preset, p.Dimensions))
	}
	e.Dimensions, e.MaxTokens = cmp.Or(e.Dimensions, p.Dimensions), cmp.Or(e.MaxTokens, p.MaxTokens)
	e.Pooling = cmp.Or(e.Pooling, p.Pooling)
	e.QueryPrefix, e.PassagePrefix = cmp.Or(e.QueryPrefix, p.QueryPrefix), cmp.Or(e.PassagePrefix, p.PassagePrefix)
	e.QueryParameters = cmp.Or(e.QueryParameters, config.Parameters(p.QueryParameters))
	e.PassageParameters = cmp.Or(e.PassageParameters, config.Parameters(p.PassageParameters))
	e.URL, e.Model, e.MaxBatch = cmp.Or(e.URL, p.URL), cmp.Or(e.Model, p.Model), cmp.Or(e.MaxBatch, p.MaxBatch)
	if p.Kind != "" && e.Name == config.Default().Embedder.Name {
		e.Name = p.Kind
	}
	return e, nil
}

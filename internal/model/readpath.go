package model

import (
	"context"
	"fmt"
	"log/slog"

	"dalil/embedder"
	"dalil/internal/config"
	"dalil/internal/observe"
	"dalil/lexical"
	"dalil/searcher"
	"dalil/store"
)

// ReadPath opens what the read path needs in addition to the store. vocabulary is
// not called before the first question.
func (m *Model) ReadPath(c config.Search, analyzer *lexical.Analyzer, vocabulary func(context.Context) (store.Vocabulary, error),
	metrics *observe.Metrics, log *slog.Logger,
) (deps searcher.Deps, options searcher.Options, err error) {
	lexicon, err := OpenLexicon(c.Lexicon)
	if err != nil {
		return deps, options, err
	}
	expander := lexical.NewExpander(analyzer, lexicon, lexical.ExpandOptions{})
	rerank, err := OpenReranker(c, m.Provider, func(ctx context.Context) (func(word string) float64, error) {
		v, err := vocabulary(ctx) // in memory, never a call
		return func(word string) float64 { return expander.Rarity(word, v, nil) }, err
	})
	if err != nil {
		return deps, options, fmt.Errorf("open the reranker: %w", err)
	}
	ranker, err := OpenRanker(c.Ranker)
	if err != nil {
		return deps, options, err
	}
	relevance, err := OpenRelevance(c.Calibration, m.Settings.Name, m.Provider)
	if err != nil {
		return deps, options, err
	}
	external, err := OpenExternal(c, metrics, log)
	if err != nil {
		return deps, options, err
	}
	deps = searcher.Deps{Embedder: m.Embedder, Analyzer: analyzer, Expander: expander, Reranker: rerank, External: external}
	options = searcher.Options{
		Depth: c.Depth, RerankDepth: c.RerankDepth, ExternalWithin: c.Reranker.Timeout,
		RequireAllArms: c.RequireAllArms, Ranker: ranker, Relevance: relevance, AdaptDense: !Measured(m.Provider),
		LongDense: embedder.Presets()[m.Settings.Preset].LongDense,
	}
	return deps, options, nil
}

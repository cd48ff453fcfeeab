package app

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"time"

	"dalil/chunker"
	"dalil/corpus"
	"dalil/embedder"
	"dalil/embedder/cohere"
	"dalil/embedder/endpoint"
	"dalil/embedder/ollama"
	"dalil/embedder/openai"
	"dalil/embedder/static"
	"dalil/embedder/tei"
	"dalil/internal/config"
	"dalil/searcher"
)

// openProvider opens the configured provider without wrappers. Errors name
// settings.
func openProvider(c config.Config) (embedder.Embedder, error) {
	var err error
	if c.Embedder, err = withPreset(c.Embedder); err != nil {
		return nil, err
	}
	open, err := pick("embedder.name", c.Embedder.Name, embedders)
	if err != nil {
		return nil, err
	}
	e, err := open(c)
	return e, renamed(err, embedderKey)
}

// openStatic loads the model that the configuration names.
func openStatic(c config.Config) (embedder.Embedder, error) {
	if c.Embedder.Path == "" {
		return static.Default()
	}
	e, err := static.Load(os.DirFS(c.Embedder.Path), static.Options{})
	if err != nil {
		return nil, fmt.Errorf("embedder.path %s: %w", c.Embedder.Path, err)
	}
	return e, nil
}

// openOpenAI asks an endpoint. Its calls are tried again within a budget, and
// not at all for a while once it is down.
func openOpenAI(c config.Config) (embedder.Embedder, error) {
	e := c.Embedder
	if e.MaxTokens == 0 {
		return nil, corpus.Invalid("embedder.max_tokens", "is not set: many endpoints cut what is longer than the model reads and don't tell; "+
			"set what its card says, or embedder.preset, or -1 where the endpoint refuses it")
	}
	return openai.New(openai.Options{
		Endpoint: endpointOf(e), Prefixes: prefixesOf(e), Parameters: parametersOf(e), Model: e.Model, Revision: e.Revision, Dimensions: e.Dimensions,
		MaxTokens: max(e.MaxTokens, 0), MaxBatch: e.MaxBatch,
	})
}

func openCohere(c config.Config) (embedder.Embedder, error) {
	e := c.Embedder
	return cohere.New(cohere.Options{
		Endpoint: endpointOf(e), Prefixes: prefixesOf(e), Parameters: parametersOf(e), Model: e.Model, Revision: e.Revision,
		Dimensions: e.Dimensions, MaxTokens: max(e.MaxTokens, 0), MaxBatch: e.MaxBatch,
	})
}

// openTEI and openOllama ask the server for its model, so it must be up.
func openTEI(c config.Config) (embedder.Embedder, error) {
	e := c.Embedder
	ctx, cancel := context.WithTimeout(context.Background(), askWithin)
	defer cancel()
	return tei.New(ctx, tei.Options{Endpoint: endpointOf(e), Prefixes: prefixesOf(e), Parameters: parametersOf(e), Dimensions: e.Dimensions, MaxBatch: e.MaxBatch})
}

func openOllama(c config.Config) (embedder.Embedder, error) {
	e := c.Embedder
	ctx, cancel := context.WithTimeout(context.Background(), askWithin)
	defer cancel()
	return ollama.New(ctx, ollama.Options{
		Endpoint: endpointOf(e), Prefixes: prefixesOf(e), Parameters: parametersOf(e), Model: e.Model, Dimensions: e.Dimensions, MaxBatch: e.MaxBatch,
	})
}

func endpointOf(e config.Embedder) endpoint.Options {
	return endpoint.Options{
		URL: e.URL, Key: string(e.Key), Timeout: e.Timeout, Private: e.Private,
		Proxy: e.Proxy.For, Headers: e.Headers.Map(),
	}
}

func parametersOf(e config.Embedder) endpoint.Parameters {
	return endpoint.Parameters{Query: e.QueryParameters.Map(), Passage: e.PassageParameters.Map()}
}

func prefixesOf(e config.Embedder) endpoint.Prefixes {
	return endpoint.Prefixes{Query: e.QueryPrefix, Passage: e.PassagePrefix}
}

// askWithin bounds how long a server may take to tell its model.
const askWithin = 10 * time.Second

// withPreset fills in what the preset knows and the configuration does not say.
func withPreset(e config.Embedder) (config.Embedder, error) {
	if e.Preset == "" {
		return e, nil
	}
	p, err := pick("embedder.preset", e.Preset, embedder.Presets)
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

// reranker scores candidates by a static model's word vectors, whatever the
// configured embedder.
type reranker struct{ scorer *static.Scorer }

func (r reranker) Rerank(ctx context.Context, query string, texts []string) ([]searcher.Reranking, error) {
	scores, err := r.scorer.Score(ctx, query, texts)
	if err != nil {
		return nil, err
	}
	ranked := make([]searcher.Reranking, len(scores))
	for i, s := range scores {
		ranked[i] = searcher.Reranking{Late: s.Late, Sentence: s.Sentence}
	}
	return ranked, nil
}

// openReranker uses the configured embedder where it is static, else the
// built-in one. rarity weighs a question's words by what the index holds: by the
// candidates alone, a few passages in the question's language would outweigh
// all others.
func openReranker(c config.Config, e embedder.Embedder, rarity func(word string) float64) (searcher.Reranker, error) {
	if c.Search.RerankDepth == 0 {
		return nil, nil
	}
	words, ok := e.(*static.Embedder)
	if !ok {
		var err error
		if words, err = static.Default(); err != nil {
			return nil, err
		}
	}
	return reranker{words.NewScorer(static.ScorerOptions{Sentences: chunker.Sentences, IDF: rarity})}, nil
}

package model

import (
	"context"
	"fmt"
	"os"
	"time"

	"dalil/corpus"
	"dalil/embedder"
	"dalil/embedder/cohere"
	"dalil/embedder/endpoint"
	"dalil/embedder/hash"
	"dalil/embedder/ollama"
	"dalil/embedder/openai"
	"dalil/embedder/static"
	"dalil/embedder/tei"
	"dalil/internal/config"
)

// embedders is the table of all providers.
var embedders = map[string]func(config.Config) (embedder.Embedder, error){
	"static": openStatic,
	"openai": openOpenAI,
	"tei":    openTEI,
	"ollama": openOllama,
	"cohere": openCohere,
	"hash":   func(config.Config) (embedder.Embedder, error) { return hash.New(hash.Options{}), nil },
}

// OpenProvider opens the configured provider without wrappers. Its errors name
// settings.
func OpenProvider(c config.Config) (embedder.Embedder, error) {
	var err error
	if c.Embedder, err = withPreset(c.Embedder); err != nil {
		return nil, err
	}
	open, err := Pick("embedder.name", c.Embedder.Name, embedders)
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

// openOpenAI opens an endpoint with OpenAI's API.
func openOpenAI(c config.Config) (embedder.Embedder, error) {
	e := c.Embedder
	if e.MaxTokens == 0 {
		return nil, corpus.Invalid("embedder.max_tokens", "is not set, and many endpoints cut longer texts without reporting it; "+
			"set the number from the model's card, or set embedder.preset, or -1 if the endpoint refuses longer texts")
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

// openTEI and openOllama read the model from the server, so the server must be running.
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

// askWithin is the timeout for the server's report of its model.
const askWithin = 10 * time.Second

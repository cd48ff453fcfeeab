package config

import (
	"fmt"
	"time"
)

// Reranker has the settings of an external reranker, which orders the best candidates.
type Reranker struct {
	URL        string        `koanf:"url" doc:"address of an external reranker, without the final /rerank (Jina, Cohere, vLLM, Voyage, text-embeddings-inference); empty: none"`
	Model      string        `koanf:"model" doc:"name of the model; empty: the server has only one"`
	Key        Secret        `koanf:"key" doc:"API key, sent as a bearer token"`
	Timeout    time.Duration `koanf:"timeout" doc:"timeout of one call, at most 1m; after it, the order without the reranker is kept, and the answer reports that"`
	Parameters Parameters    `koanf:"parameters" doc:"additional fields of the request, such as {return_documents: false}"`
	Headers    Headers       `koanf:"headers" doc:"headers to send with every call; their values are never shown"`
	Private    bool          `koanf:"private" doc:"allow url to have a host name that resolves to a private or loopback address"`
	Proxy      Proxy         `koanf:"proxy" doc:"environment, none, or the address of a proxy, as for embedder.proxy"`
}

func (r Reranker) validate() error {
	if r.Timeout <= 0 || r.Timeout > time.Minute {
		return fmt.Errorf("search.reranker.timeout: must be above 0 and at most 1m, is %v", r.Timeout)
	}
	return r.Proxy.validate("search.reranker.proxy")
}

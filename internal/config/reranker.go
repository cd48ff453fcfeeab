package config

import (
	"fmt"
	"time"
)

// Reranker is a model outside of this process that orders the best candidates.
type Reranker struct {
	URL        string        `koanf:"url" doc:"address of a reranker, up to and without /rerank (Jina, Cohere, vLLM, Voyage, text-embeddings-inference); empty: none"`
	Model      string        `koanf:"model" doc:"the model to ask for; empty: the server has one"`
	Key        Secret        `koanf:"key" doc:"sent as a bearer token"`
	Timeout    time.Duration `koanf:"timeout" doc:"after which the order without the reranker is kept, and the answer says so"`
	Parameters Parameters    `koanf:"parameters" doc:"further members of the request, such as {return_documents: false}"`
	Headers    Headers       `koanf:"headers" doc:"headers of every call; their values are not shown"`
	Private    bool          `koanf:"private" doc:"allow a host name in url that resolves to a private or loopback address"`
	Proxy      Proxy         `koanf:"proxy" doc:"environment, none, or the address of a proxy, as embedder.proxy"`
}

func (r Reranker) validate() error {
	if r.Timeout <= 0 || r.Timeout > time.Minute {
		return fmt.Errorf("search.reranker.timeout: must be above 0 and at most 1m, is %v", r.Timeout)
	}
	return r.Proxy.validate("search.reranker.proxy")
}

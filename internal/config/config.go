// Package config reads all settings: flags override environment variables, which
// override a strict YAML file, which overrides the defaults. Start with [Load].
package config

import (
	"fmt"
	"net"
	"strings"
	"time"
)

// Config is the effective configuration. A field's koanf tag is its key in the
// file; DALIL_ and the path in capitals, with _ for dots, is its environment
// variable; doc says what it does.
type Config struct {
	Data   string `koanf:"data" doc:"folder of the embedded store; created when missing"`
	Listen string `koanf:"listen" doc:"gRPC address, host:port"`
	Admin  string `koanf:"admin" doc:"HTTP address of /metrics, /healthz, /readyz and pprof; empty: none"`
	// Insecure lets a listener without authentication leave loopback.
	Insecure bool     `koanf:"insecure" doc:"allow addresses that other machines can reach, without authentication"`
	Store    Store    `koanf:"store"`
	Embedder Embedder `koanf:"embedder"`
	Search   Search   `koanf:"search"`
	Index    Index    `koanf:"index"`
	Server   Server   `koanf:"server"`
	Log      Log      `koanf:"log"`
}

// Embedder chooses the model.
type Embedder struct {
	Name       string `koanf:"name" doc:"static (built in), openai (any endpoint with OpenAI's API), tei, ollama, cohere, or hash (for tests only)"`
	Path       string `koanf:"path" doc:"static: folder of a model in the model2vec layout; empty: the built-in one"`
	CacheBytes int    `koanf:"cache_bytes" doc:"size of the cache of question vectors, bytes; 0: no cache"`

	Preset        string `koanf:"preset" doc:"name of a known model; sets dimensions, max_tokens, prefixes and parameters, and for a hosted model name, url and model; keys that you set yourself override it"`
	URL           string `koanf:"url" doc:"openai: address up to and without /embeddings, or unix:/PATH of a socket; tei, ollama: address of the server; cohere: address up to and without /embed"`
	Key           Secret `koanf:"key" doc:"openai, tei, ollama, cohere: sent as a bearer token"`
	Model         string `koanf:"model" doc:"openai, ollama, cohere: the model to ask for"`
	Revision      string `koanf:"revision" doc:"openai: revision of the model, if its name does not determine it"`
	Dimensions    int    `koanf:"dimensions" doc:"openai, tei, ollama: width of the vectors; longer vectors are cut to it"`
	MaxTokens     int    `koanf:"max_tokens" doc:"openai: greatest number of tokens that the model reads of a text, special tokens included; required for openai, unless a preset sets it; -1: the endpoint refuses longer texts itself"`
	Tokenizer     string `koanf:"tokenizer" doc:"openai, tei, ollama: the model's tokenizer.json, to measure passages in its tokens; empty: a safe estimate"`
	MaxBatch      int    `koanf:"max_batch" doc:"openai, tei, ollama, cohere: greatest number of texts in one call; 0: the preset's, otherwise openai 256, tei the server's limit, ollama 64, cohere 96"`
	BatchTokens   int    `koanf:"batch_tokens" doc:"openai, tei, ollama: greatest number of tokens in one call; 0: unlimited"`
	Requests      int    `koanf:"requests_per_minute" doc:"openai, tei, ollama: calls a minute of all workers together; 0: as many as the provider accepts"`
	Tokens        int    `koanf:"tokens_per_minute" doc:"openai, tei, ollama: tokens a minute of all workers together; 0: unlimited"`
	Private       bool   `koanf:"private" doc:"openai, tei, ollama: allow a host name in url that resolves to a private or loopback address; such an address itself, or localhost, is always allowed"`
	Proxy         Proxy  `koanf:"proxy" doc:"openai, tei, ollama: environment (HTTPS_PROXY, HTTP_PROXY, NO_PROXY; not for private addresses), none, or the address of a proxy"`
	QueryPrefix   string `koanf:"query_prefix" doc:"openai, tei, ollama: text to put before every question"`
	PassagePrefix string `koanf:"passage_prefix" doc:"openai, tei, ollama: text to put before every passage"`
	// Parameters say in the request whether a text is a question or a passage.
	QueryParameters   Parameters    `koanf:"query_parameters" doc:"openai, tei, ollama, cohere: members of the request for a question, such as {input_type: query}; null leaves one out; a part of the pipeline"`
	PassageParameters Parameters    `koanf:"passage_parameters" doc:"openai, tei, ollama, cohere: members of the request for passages; a part of the pipeline"`
	Headers           Headers       `koanf:"headers" doc:"openai, tei, ollama, cohere: headers of every call; their values are not shown"`
	Pooling           string        `koanf:"pooling" doc:"openai, tei, ollama: how the server makes one vector of a text's (mean, cls, last), where that can be chosen there; a part of the pipeline"`
	Timeout           time.Duration `koanf:"timeout" doc:"openai, tei, ollama: of one call"`
}

// Search tunes the read path.
type Search struct {
	Depth          int      `koanf:"depth" doc:"candidates of each arm"`
	RerankDepth    int      `koanf:"rerank_depth" doc:"candidates whose text is scored once more; 0: none"`
	RequireAllArms bool     `koanf:"require_all_arms" doc:"fail a query when the embedder is down, instead of answering by words alone"`
	Lexicon        string   `koanf:"lexicon" doc:"lexicons that translate together, separated by commas: builtin or the path of a file; empty: builtin; none: no translation"`
	Reranker       Reranker `koanf:"reranker"`
	Ranker         string   `koanf:"ranker" doc:"file of a learned ranker; empty: the built-in one; none: the weighted signals alone"`
}

// Index tunes the write path.
type Index struct {
	Workers       int     `koanf:"workers" doc:"0: one per CPU"`
	ChunkTokens   int     `koanf:"chunk_tokens" doc:"tokens that a passage is packed to"`
	AverageLength float64 `koanf:"average_length" doc:"BM25's mean passage length in terms, fixed when the collection is created; 0: 90"`
}

// Server tunes the gRPC listener.
type Server struct {
	Reflection string        `koanf:"reflection" doc:"gRPC reflection: auto (on loopback only), on, off"`
	Deadline   time.Duration `koanf:"deadline" doc:"for calls that come without one"`
	Drain      time.Duration `koanf:"drain" doc:"how long a stop waits for calls under way"`
}

// Log tunes the log on standard error.
type Log struct {
	Level  string `koanf:"level" doc:"debug, info, warn, error"`
	Format string `koanf:"format" doc:"text, json"`
}

// Default is the configuration without file, environment and flags.
func Default() Config {
	return Config{
		Data:     "./data",
		Listen:   "127.0.0.1:7810",
		Admin:    "127.0.0.1:7811",
		Store:    defaultStore(),
		Embedder: Embedder{Name: "static", CacheBytes: 16 << 20, Timeout: time.Minute, Proxy: proxyEnvironment},
		Search:   Search{Depth: 100, RerankDepth: 50, Reranker: Reranker{Timeout: 2 * time.Second, Proxy: proxyEnvironment}},
		Index:    Index{ChunkTokens: 200},
		Server:   Server{Reflection: "auto", Deadline: 10 * time.Second, Drain: 15 * time.Second},
		Log:      Log{Level: "info", Format: "text"},
	}
}

// Validate returns an error for the first key with an invalid value; it names the limits.
func (c Config) Validate() error {
	oneOf := func(key, value string, allowed ...string) error {
		for _, a := range allowed {
			if value == a {
				return nil
			}
		}
		return fmt.Errorf("%s: must be %s; is %q", key, strings.Join(allowed, ", "), value)
	}
	checks := []error{
		address("listen", c.Listen),
		c.Store.validate(),
		within("search.depth", c.Search.Depth, 1, 1000),
		within("search.rerank_depth", c.Search.RerankDepth, 0, 1000),
		within("index.workers", c.Index.Workers, 0, 1024),
		within("index.chunk_tokens", c.Index.ChunkTokens, 16, 8192),
		within("embedder.max_tokens", c.Embedder.MaxTokens, -1, 1<<24),
		within("embedder.max_batch", c.Embedder.MaxBatch, 0, 1<<16),
		within("embedder.batch_tokens", c.Embedder.BatchTokens, 0, 1<<24),
		within("embedder.requests_per_minute", c.Embedder.Requests, 0, 1<<24),
		within("embedder.tokens_per_minute", c.Embedder.Tokens, 0, 1<<31),
		within("embedder.cache_bytes", c.Embedder.CacheBytes, 0, 1<<40),
		c.Embedder.Proxy.validate("embedder.proxy"),
		c.Search.Reranker.validate(),
		oneOf("server.reflection", c.Server.Reflection, "auto", "on", "off"),
		oneOf("log.level", c.Log.Level, "debug", "info", "warn", "error"),
		oneOf("log.format", c.Log.Format, "text", "json"),
	}
	if c.Admin != "" {
		checks = append(checks, address("admin", c.Admin))
	}
	if c.Data == "" {
		checks = append(checks, fmt.Errorf("data: is empty"))
	}
	if !(c.Index.AverageLength >= 0 && c.Index.AverageLength <= 1e6) {
		checks = append(checks, fmt.Errorf("index.average_length: must be 0 to 1000000, is %g", c.Index.AverageLength))
	}
	if c.Server.Deadline <= 0 {
		checks = append(checks, fmt.Errorf("server.deadline: must be above 0, is %v", c.Server.Deadline))
	}
	if c.Embedder.Timeout < 0 {
		checks = append(checks, fmt.Errorf("embedder.timeout: must not be negative, is %v", c.Embedder.Timeout))
	}
	if c.Server.Drain < 0 {
		checks = append(checks, fmt.Errorf("server.drain: must not be negative, is %v", c.Server.Drain))
	}
	for _, err := range checks {
		if err != nil {
			return err
		}
	}
	return nil
}

func address(key, value string) error {
	if _, _, err := net.SplitHostPort(value); err != nil {
		return fmt.Errorf("%s: must be host:port, is %q", key, value)
	}
	return nil
}

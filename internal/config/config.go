// Package config reads all settings: flags override environment variables, which
// override a strict YAML file, which overrides the defaults. Start with [Load].
package config

import (
	"fmt"
	"net"
	"net/url"
	"strings"
	"time"

	"dalil/corpus"
)

// Config is the effective configuration. The koanf tag of a field is its key in the
// file. Its environment variable is DALIL_ and the key in capitals, with _ for each
// dot. The doc tag says what it does.
type Config struct {
	Data   string `koanf:"data" doc:"folder of the embedded store; created when missing"`
	Listen string `koanf:"listen" doc:"gRPC address, host:port"`
	HTTP   string `koanf:"http" doc:"address of the API over HTTP (JSON, MCP, OpenAPI), host:port; empty: none"`
	Admin  string `koanf:"admin" doc:"HTTP address of /metrics, /healthz, /readyz and pprof; empty: none"`
	// A listener on an address beyond loopback needs TLS and authentication, unless
	// these settings give them up.
	AllowPlaintext bool     `koanf:"allow_plaintext" doc:"allow addresses that other machines can reach without TLS: whoever can read the network reads questions, documents and keys"`
	AllowAnonymous bool     `koanf:"allow_anonymous" doc:"allow addresses that other machines can reach without authentication: whoever reaches the port can read, write and delete everything"`
	Insecure       bool     `koanf:"insecure" doc:"both allow_plaintext and allow_anonymous"`
	TLS            TLS      `koanf:"tls"`
	Access         Access   `koanf:"access"`
	Store          Store    `koanf:"store"`
	Embedder       Embedder `koanf:"embedder"`
	Search         Search   `koanf:"search"`
	Context        Context  `koanf:"context"`
	Index          Index    `koanf:"index"`
	Server         Server   `koanf:"server"`
	Limits         Limits   `koanf:"limits"`
	Audit          Audit    `koanf:"audit"`
	Quota          Quota    `koanf:"quota"`
	Metrics        Metrics  `koanf:"metrics"`
	Log            Log      `koanf:"log"`
}

// Embedder chooses the model.
type Embedder struct {
	Name       string `koanf:"name" doc:"static (built in), openai (any endpoint with OpenAI's API), tei, ollama, cohere, or hash (for tests only)"`
	Path       string `koanf:"path" doc:"static: folder of a model in the model2vec layout; empty: the built-in one"`
	CacheBytes int    `koanf:"cache_bytes" doc:"size of the cache of question vectors in bytes; 0: no cache"`

	Preset        string `koanf:"preset" doc:"name of a known model; sets dimensions, max_tokens, prefixes and parameters, and for a hosted model also name, url and model; keys that you set yourself override the preset"`
	URL           string `koanf:"url" doc:"openai: address without the final /embeddings, or unix:/PATH of a socket; tei, ollama: address of the server; cohere: address without the final /embed"`
	Key           Secret `koanf:"key" doc:"openai, tei, ollama, cohere: API key, sent as a bearer token"`
	Model         string `koanf:"model" doc:"openai, ollama, cohere: name of the model at the provider"`
	Revision      string `koanf:"revision" doc:"openai: revision of the model, if its name does not determine it"`
	Dimensions    int    `koanf:"dimensions" doc:"openai, tei, ollama: number of dimensions of the vectors; longer vectors are cut to it"`
	MaxTokens     int    `koanf:"max_tokens" doc:"openai: largest number of tokens that the model reads of one text, special tokens included; required for openai, unless a preset sets it; -1: the endpoint refuses longer texts itself"`
	Tokenizer     string `koanf:"tokenizer" doc:"openai, tei, ollama: path of the model's tokenizer.json, so that passages are measured in the model's tokens; empty: tokens are estimated, on the safe side"`
	MaxBatch      int    `koanf:"max_batch" doc:"openai, tei, ollama, cohere: largest number of texts in one call; 0: as the preset says, otherwise openai 256, tei the server's limit, ollama 64, cohere 96"`
	BatchTokens   int    `koanf:"batch_tokens" doc:"openai, tei, ollama: largest number of tokens in one call; 0: unlimited"`
	Requests      int    `koanf:"requests_per_minute" doc:"openai, tei, ollama: calls per minute, all workers together; 0: as many as the provider accepts"`
	Tokens        int    `koanf:"tokens_per_minute" doc:"openai, tei, ollama: tokens per minute, all workers together; 0: unlimited"`
	Private       bool   `koanf:"private" doc:"openai, tei, ollama: allow url to have a host name that resolves to a private or loopback address; localhost and such addresses themselves are always allowed"`
	Proxy         Proxy  `koanf:"proxy" doc:"openai, tei, ollama: environment (use HTTPS_PROXY, HTTP_PROXY and NO_PROXY, except for private addresses), none, or the address of a proxy"`
	QueryPrefix   string `koanf:"query_prefix" doc:"openai, tei, ollama: text to put before every question"`
	PassagePrefix string `koanf:"passage_prefix" doc:"openai, tei, ollama: text to put before every passage"`
	// The parameters say in a request whether its texts are questions or passages.
	QueryParameters   Parameters    `koanf:"query_parameters" doc:"openai, tei, ollama, cohere: fields of the request for questions, such as {input_type: query}; null leaves a field out; part of the pipeline"`
	PassageParameters Parameters    `koanf:"passage_parameters" doc:"openai, tei, ollama, cohere: fields of the request for passages; part of the pipeline"`
	Headers           Headers       `koanf:"headers" doc:"openai, tei, ollama, cohere: headers to send with every call; their values are never shown"`
	Pooling           string        `koanf:"pooling" doc:"openai, tei, ollama: how the server combines the token vectors of a text (mean, cls, last), if it lets you choose; part of the pipeline"`
	Timeout           time.Duration `koanf:"timeout" doc:"openai, tei, ollama: timeout of one call"`
}

// Search has the settings of the read path.
type Search struct {
	Depth          int      `koanf:"depth" doc:"number of candidates that each arm returns"`
	RerankDepth    int      `koanf:"rerank_depth" doc:"number of best candidates to rerank; 0: none"`
	RequireAllArms bool     `koanf:"require_all_arms" doc:"fail a question while the embedder is down, instead of answering by words alone"`
	Lexicon        string   `koanf:"lexicon" doc:"lexicons to translate with, separated by commas: builtin, or paths of files; empty: builtin; none: no translation"`
	Reranker       Reranker `koanf:"reranker"`
	Calibration    string   `koanf:"calibration" doc:"table that turns scores into relevance and evidence: empty: the built-in one of the model, if it has one; none: no relevance; or the path of a file"`
	Ranker         string   `koanf:"ranker" doc:"file of a learned ranker; empty: the built-in one; none: rank by the weighted scores alone"`
}

// Index has the settings of the write path.
type Index struct {
	Workers       int     `koanf:"workers" doc:"number of workers; 0: one per CPU"`
	ChunkTokens   int     `koanf:"chunk_tokens" doc:"target size of a passage in tokens"`
	AverageLength float64 `koanf:"average_length" doc:"mean passage length in terms that BM25 assumes, fixed when the collection is created; 0: 90"`
}

// Server has the settings of the listeners of gRPC and HTTP.
type Server struct {
	Reflection string        `koanf:"reflection" doc:"gRPC reflection: auto (on loopback only, for callers that may search), on (for everyone), off"`
	Docs       string        `koanf:"docs" doc:"/docs and /openapi.json over HTTP: auto (on loopback only, for callers that may search), on (for everyone), off"`
	Metrics    string        `koanf:"metrics" doc:"/metrics of the admin port: auto (beyond loopback, for callers with the scope metrics, if access is configured), on (for everyone)"`
	Deadline   time.Duration `koanf:"deadline" doc:"deadline of calls that set none"`
	Drain      time.Duration `koanf:"drain" doc:"how long a stopping server waits for running calls"`
	Origins    []string      `koanf:"origins" doc:"origins whose web pages may use the API over HTTP, such as https://app.example.org; empty: none"`
}

// Log has the settings of the log, which goes to standard error.
type Log struct {
	Level  string `koanf:"level" doc:"lowest level to log: debug, info, warn or error"`
	Format string `koanf:"format" doc:"format of the log: text or json"`
}

// Default returns the configuration without file, environment and flags.
func Default() Config {
	return Config{
		Data:     "./data",
		Listen:   "127.0.0.1:7810",
		Admin:    "127.0.0.1:7811",
		Access:   defaultAccess(),
		Store:    defaultStore(),
		Embedder: Embedder{Name: "static", CacheBytes: 16 << 20, Timeout: time.Minute, Proxy: proxyEnvironment},
		Search:   Search{Depth: 100, RerankDepth: 50, Reranker: Reranker{Timeout: 2 * time.Second, Proxy: proxyEnvironment}},
		Context:  Context{MaxTokens: corpus.MaxContextTokens},
		Index:    Index{ChunkTokens: 200},
		TLS:      TLS{ClientAuth: "none"},
		Server:   Server{Reflection: "auto", Docs: "auto", Metrics: "auto", Deadline: 10 * time.Second, Drain: 15 * time.Second},
		Audit:    Audit{Required: true},
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
		c.Quota.validate(),
		within("metrics.tenants", c.Metrics.Tenants, 0, 1000),
		within("search.depth", c.Search.Depth, 1, 1000),
		within("search.rerank_depth", c.Search.RerankDepth, 0, 1000),
		within("context.max_tokens", c.Context.MaxTokens, 1, 1<<20),
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
		c.Access.validate(),
		c.Limits.validate(),
		c.Audit.validate(),
		oneOf("server.reflection", c.Server.Reflection, "auto", "on", "off"),
		oneOf("server.docs", c.Server.Docs, "auto", "on", "off"),
		oneOf("server.metrics", c.Server.Metrics, "auto", "on"),
		oneOf("tls.client_auth", c.TLS.ClientAuth, "none", "optional", "required"),
		c.TLS.validate(),
		oneOf("log.level", c.Log.Level, "debug", "info", "warn", "error"),
		oneOf("log.format", c.Log.Format, "text", "json"),
	}
	if c.Admin != "" {
		checks = append(checks, address("admin", c.Admin))
	}
	if c.HTTP != "" {
		checks = append(checks, address("http", c.HTTP))
	}
	for _, origin := range c.Server.Origins {
		checks = append(checks, webOrigin(origin))
	}
	if c.Data == "" {
		checks = append(checks, fmt.Errorf("data: is empty; it must name a folder"))
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

// webOrigin refuses what no browser sends as Origin.
func webOrigin(origin string) error {
	u, err := url.Parse(origin)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || origin != u.Scheme+"://"+u.Host || strings.ToLower(origin) != origin {
		return fmt.Errorf("server.origins: must have scheme and host only, in lower case, such as https://app.example.org; has %q", origin)
	}
	return nil
}

func address(key, value string) error {
	if _, _, err := net.SplitHostPort(value); err != nil {
		return fmt.Errorf("%s: must be host:port, is %q", key, value)
	}
	return nil
}

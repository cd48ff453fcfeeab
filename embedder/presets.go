package embedder

// Preset is what a model's card says of it.
type Preset struct {
	Dimensions    int
	MaxTokens     int // of one text, prefix included
	QueryPrefix   string
	PassagePrefix string
	Pooling       string // how the server must pool: mean, cls
	Shortens      bool   // trained so that vectors may be cut (Matryoshka)
}

// Presets are models that are often served, by the name that a preset is chosen
// by. Figures and prefixes are those of the models' cards.
var Presets = map[string]Preset{
	"multilingual-e5-small":  {384, 512, "query: ", "passage: ", "mean", false},
	"multilingual-e5-base":   {768, 512, "query: ", "passage: ", "mean", false},
	"multilingual-e5-large":  {1024, 512, "query: ", "passage: ", "mean", false},
	"bge-m3":                 {1024, 8192, "", "", "cls", false},
	"gte-multilingual-base":  {768, 8192, "", "", "cls", true},
	"jina-embeddings-v3":     {1024, 8192, "Represent the query for retrieving evidence documents: ", "Represent the document for retrieval: ", "mean", true},
	"nomic-embed-text-v1.5":  {768, 8192, "search_query: ", "search_document: ", "mean", true},
	"text-embedding-3-small": {1536, 8191, "", "", "", true},
	"text-embedding-3-large": {3072, 8191, "", "", "", true},
}

package config

// Context tunes the contexts for language models.
type Context struct {
	Tokenizer string `koanf:"tokenizer" doc:"path of the tokenizer.json of the language model that reads the contexts, so that tokens are counted exactly; empty: they are estimated, on the safe side for vocabularies of o200k_base, Llama 3 and later; older ones (cl100k_base, Llama 2) need this setting for Arabic"`
	MaxTokens int    `koanf:"max_tokens" doc:"largest number of tokens of a context"`
}

package config

// Context tunes the contexts for language models.
type Context struct {
	Tokenizer string `koanf:"tokenizer" doc:"tokenizer.json of the language model that reads the contexts, to count its tokens exactly; empty: a safe estimate"`
	MaxTokens int    `koanf:"max_tokens" doc:"greatest number of tokens that a caller may ask for in a context"`
}

package lexical

import _ "embed" // for the built-in lexicon

//go:embed lexicon/en-ar.lex
var defaultLexicon []byte

// DefaultLexicon reads the built-in lexicon of English and Arabic.
// lexicon/README.md is its card.
func DefaultLexicon() (*Lexicon, error) { return LoadLexicon(defaultLexicon) }

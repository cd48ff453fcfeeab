package lexical

import (
	_ "embed" // for the built-in lexicon
	"sync"
)

//go:embed lexicon/en-ar.lex
var defaultLexicon []byte

// DefaultLexicon returns the built-in lexicon of English and Arabic. lexicon/README.md
// is its card. It is read at the first call, and all callers share it.
func DefaultLexicon() (*Lexicon, error) { return loadDefaultLexicon() }

var loadDefaultLexicon = sync.OnceValues(func() (*Lexicon, error) { return LoadLexicon(defaultLexicon) })

package model

import (
	"fmt"
	"os"
	"strings"

	"dalil/corpus"
	"dalil/internal/config"
	"dalil/lexical"
)

// OpenLexicon reads the lexicons that search.lexicon names, separated by commas:
// builtin or the path of a file. The result has the translations of all of them. ""
// is the built-in one; none turns translation off.
func OpenLexicon(setting string) (*lexical.Lexicon, error) {
	switch setting {
	case "none":
		return nil, nil
	case "":
		setting = builtInLexicon
	}
	var all []*lexical.Lexicon
	for _, name := range strings.Split(setting, ",") {
		one, err := readLexicon(strings.TrimSpace(name))
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return lexical.MergeLexicons(all...)
}

// ReadAhead reads the built-in lexicon, if it is configured, so that a later OpenLexicon need
// not wait for it. Opening a model takes as long, and can be done meanwhile.
func ReadAhead(c config.Search) {
	if c.Lexicon == "" || c.Lexicon == builtInLexicon {
		_, _ = lexical.DefaultLexicon() // OpenLexicon returns the error
	}
}

// builtInLexicon is the name of the built-in lexicon in search.lexicon.
const builtInLexicon = "builtin"

func readLexicon(name string) (*lexical.Lexicon, error) {
	switch name {
	case builtInLexicon:
		return lexical.DefaultLexicon()
	case "", "none":
		return nil, corpus.Errorf(corpus.ErrInvalid, "search.lexicon: %q cannot be one of several; use builtin or paths of files", name)
	}
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, corpus.Errorf(corpus.ErrInvalid, "search.lexicon: %w", err)
	}
	lexicon, err := lexical.LoadLexicon(data)
	if err != nil {
		return nil, fmt.Errorf("search.lexicon: %s: %w", name, err)
	}
	if want := lexical.NewAnalyzer().Name(); lexicon.Analyzer() != want {
		return nil, corpus.Errorf(corpus.ErrInvalid, "search.lexicon: %s was trained with the analyzer %s, but this program has %s; train it again", name, lexicon.Analyzer(), want)
	}
	return lexicon, nil
}

package training

import (
	"fmt"
	"io"
	"os"

	"dalil/lexical"
)

// ShowTranslations prints what the lexicons, "builtin" or paths of files, make of
// words: the stem, and the translations of the exact form, where it has some, of
// the stem and of the phrase that it ends, the heaviest first.
func ShowTranslations(out io.Writer, lexicons, words []string) error {
	var all []*lexical.Lexicon
	for _, name := range lexicons {
		one, err := readLexicon(name)
		if err != nil {
			return err
		}
		all = append(all, one)
	}
	lexicon, err := lexical.MergeLexicons(all...)
	if err != nil {
		return err
	}
	analyzer := lexical.NewAnalyzer()
	for _, word := range words {
		terms := analyzer.Words(word)
		for i, term := range terms {
			fmt.Fprintf(out, "%s  stem %s\n", word[term.Span.Start:term.Span.End], term.Stem)
			form := analyzer.Form(term)
			printTranslations(out, lexicon, "form "+form, lexical.ExactKey(form))
			printTranslations(out, lexicon, "stem "+term.Stem, term.Stem)
			if i > 0 {
				printTranslations(out, lexicon, "phrase", lexical.PhraseKey(terms[i-1].Stem, term.Stem))
			}
		}
	}
	return nil
}

func readLexicon(name string) (*lexical.Lexicon, error) {
	if name == "builtin" {
		return lexical.DefaultLexicon()
	}
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	lexicon, err := lexical.LoadLexicon(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return lexicon, nil
}

func printTranslations(out io.Writer, lexicon *lexical.Lexicon, title, source string) {
	if !lexicon.Contains(source) {
		return
	}
	fmt.Fprintf(out, "  %s:\n", title)
	lexicon.Translations(source, func(target string, weight float64) bool {
		fmt.Fprintf(out, "    %.3f  %s\n", weight, target)
		return true
	})
}

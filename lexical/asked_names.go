package lexical

import (
	"slices"
	"strings"
	"unicode/utf8"

	"dalil/corpus"
)

// A proper name distinguishes things that are otherwise alike, as a number does: a passage about the stadium of Ajax has
// nearly every other sign of an answer to a question about the stadium of Benfica.

// AskedName is a proper name of a question: one word, or several side by side. A passage has it if it has one of
// them, because many texts have the family name of a person only.
type AskedName struct{ words []nameWord }

// nameWord is a word that tells a name from others. "tower" of Eiffel Tower is none.
type nameWord struct {
	group      int    // of the question
	word, stem string // without particles
	script     Script
	skeletons  []string
	others     []string // stems that a text may have instead
}

// leastName is the fewest letters of such a word. Shorter ones resemble too many others. mostNames is how many names of a
// question are read, because each may be compared with all words of a text.
const (
	leastName = 4
	mostNames = 16
)

// String returns the words of the name as they are compared.
func (n *AskedName) String() string {
	words := make([]string, len(n.words))
	for i := range n.words {
		words[i] = n.words[i].word
	}
	return strings.Join(words, " ")
}

// In reports whether a passage has the name. held is what [Question.Match] found in the passage.
func (n *AskedName) In(held []float64) bool {
	return slices.ContainsFunc(n.words, func(w nameWord) bool { return held[w.group] > 0 })
}

// AskedNames returns the proper names of the question's text, from which q was made, as far as they can be told. An
// English word is a name if it has a capital inside a sentence and is not a common word. An Arabic word is one if the
// lexicon knows it as a name only; so is an English word of a question whose capitals say nothing. Abbreviations in capitals are none,
// because a text may have the words that they stand for. Only the first mostNames names are returned. Without a lexicon there are none.
func (x *Expander) AskedNames(text string, q *Question) (all []AskedName) {
	if x.lexicon == nil {
		return nil
	}
	words := x.analyzer.Words(text)
	capitals := x.capitalsTell(text, words)
	last := -2 // the word of the name before
	for i := range words {
		w := &words[i]
		bare := bareWord(x.analyzer, w)
		if w.Stop || utf8.RuneCountInString(bare) < leastName || hasDigit(w.Word) || !x.isName(text, words, i, capitals) {
			continue
		}
		group := slices.IndexFunc(q.Groups, func(g Group) bool { return g.term.Stem == w.Stem && g.term.Script == w.Script })
		if group < 0 {
			continue
		}
		name := nameWord{group, bare, w.Stem, w.Script, skeletons(nil, bare, w.Script), x.names.countries[bare]}
		if last == i-1 {
			before := &all[len(all)-1]
			before.words = append(before.words, name)
		} else if len(all) == mostNames {
			break
		} else {
			all = append(all, AskedName{words: []nameWord{name}})
		}
		last = i
	}
	return all
}

// NamedWords returns the spans of the words of a text that are proper names, as far as they can be told: those of
// [Expander.AskedNames], and first words of sentences that the lexicon does not have. Without a lexicon there are none.
func (x *Expander) NamedWords(text string) (spans []corpus.Span) {
	if x.lexicon == nil {
		return nil
	}
	words := x.analyzer.Words(text)
	capitals := x.capitalsTell(text, words)
	for i := range words {
		w := &words[i]
		if w.Stop || utf8.RuneCountInString(bareWord(x.analyzer, w)) < leastName || hasDigit(w.Word) {
			continue
		}
		if x.isName(text, words, i, capitals) || capitals && x.isUnknown(text, w) {
			spans = append(spans, w.Span)
		}
	}
	return spans
}

// isUnknown reports whether an English word with a capital is not in the lexicon.
func (x *Expander) isUnknown(text string, w *Term) bool {
	written := text[w.Span.Start:w.Span.End]
	if w.Script != Latin || !capital(written) || allCapitals(written) {
		return false
	}
	known, _ := x.knownAs(w, capitalShare)
	return !known
}

// bareWord is a word without its Arabic particles, or without the English genitive.
func bareWord(a *Analyzer, w *Term) string {
	if w.Script == Arabic {
		return a.Form(*w)
	}
	return strings.TrimSuffix(w.Word, "'s")
}

// isName reports whether the word at i is a name. capitals is the answer of capitalsTell. The first word
// of an Arabic question is none: it is a question word, often misspelt (ماسم).
func (x *Expander) isName(text string, words []Term, i int, capitals bool) bool {
	w := &words[i]
	switch {
	case w.Script == Latin && capitals:
		written := text[w.Span.Start:w.Span.End]
		if !capital(written) || allCapitals(written) {
			return false
		}
		known, name := x.knownAs(w, capitalShare)
		return name || !known && !beginsSentence(text, words, i)
	case w.Script == Latin || w.Script == Arabic && i > 0:
		_, name := x.knownAs(w, onlyShare)
		return name
	}
	return false
}

// capitalsTell reports whether the capitals of a text distinguish names. They do not in a text without capitals, in one with
// capitals alone, and in a title, where common words have capitals too.
func (x *Expander) capitalsTell(text string, words []Term) bool {
	var first, lower, upper, common bool
	for i := range words {
		w := &words[i]
		written := text[w.Span.Start:w.Span.End]
		switch {
		case w.Script != Latin:
		case i == 0:
			first = capital(written)
		case beginsSentence(text, words, i):
		case !capital(written):
			lower = lower || !w.Stop
		case !allCapitals(written):
			known, name := x.knownAs(w, capitalShare)
			upper, common = true, common || w.Stop || known && !name
		}
	}
	return lower && (upper || first) || upper && !common
}

// allCapitals reports whether a word is an abbreviation in capitals, in the genitive or not.
func allCapitals(written string) bool { return upper(strings.TrimSuffix(written, "'s")) }

// beginsSentence reports whether the word at i is the first one of a sentence or of a quotation.
func beginsSentence(text string, words []Term, i int) bool {
	if i == 0 {
		return true
	}
	before := &words[i-1]
	if before.Span.End > words[i].Span.Start { // both are parts of one word
		return false
	}
	between := text[before.Span.End:words[i].Span.Start]
	if strings.HasPrefix(between, ".") && before.Span.Len() < leastName && capital(text[before.Span.Start:]) {
		return false // J. K. Rowling, St. Petersburg
	}
	return strings.ContainsAny(between, ".?!:\n\"“”؟«»")
}

package lexical

import (
	"slices"

	"dalil/corpus"
)

// abbreviation is an abbreviation with its full form.
type abbreviation struct {
	stem string // of the abbreviation
	full []Term // the words that it stands for
}

// fullShare is the weight of an abbreviation if the question has its words.
const fullShare = 0.9

// newAbbreviations reads the abbreviations of the list, by their stems.
func newAbbreviations(a *Analyzer) map[string]abbreviation {
	all := map[string]abbreviation{}
	for _, line := range a.folds.lines("abbreviations.txt") {
		short := abbreviation{stem: a.Stem(line[0])}
		for _, word := range line[1:] {
			short.full = append(short.full, a.Terms(word)...)
		}
		all[short.stem] = short
	}
	return all
}

// written is a word of a question, with an abbreviation that texts may use instead of it.
type written struct {
	Term
	short string  // stem of the abbreviation; empty: none
	share float64 // weight of the abbreviation

	percent bool        // a number with a percent sign or word
	whole   corpus.Span // the word, with that sign or word
}

// spell replaces each abbreviation by the words that it stands for, and adds the
// abbreviation to words that have one. So WTO and "World Trade Organization" search
// for the same three words, and a passage with WTO contains each of them.
func (x *Expander) spell(terms []Term) []written {
	all := make([]written, 0, len(terms))
	for _, term := range terms {
		short, known := x.abbreviations[term.Stem]
		if !known || term.Script != Latin {
			all = append(all, written{Term: term, whole: term.Span})
			continue
		}
		for _, word := range short.full {
			word.Span = term.Span
			all = append(all, written{Term: word, short: short.stem, share: 1, whole: word.Span})
		}
	}
	for at := range all {
		for _, short := range x.byFirst[all[at].Stem] {
			if stretch := all[at:]; len(stretch) >= len(short.full) && slices.EqualFunc(stretch[:len(short.full)], short.full, sameWord) {
				for i := range short.full {
					stretch[i].short, stretch[i].share = short.stem, fullShare
				}
			}
		}
	}
	return all
}

func sameWord(w written, t Term) bool { return w.Stem == t.Stem && w.short == "" }

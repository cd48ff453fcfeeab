package evaluation

import (
	"slices"
	"strings"

	"dalil/corpus"
)

// Word is a word of a question, as the index sees it.
type Word struct {
	Span   corpus.Span // of the word in the question
	Stem   string
	Stop   bool // a word without a meaning of its own
	Arabic bool
}

// ChainKind is how the second question of a [Chain] depends on the first.
type ChainKind string

// The kinds of chains.
const (
	ChainRemoved ChainKind = "removed" // the words that it shares with the first are left out
	ChainPronoun ChainKind = "pronoun" // a pronoun is in their place
	ChainAlone   ChainKind = "alone"   // it is about the same passage and complete
	ChainOther   ChainKind = "other"   // it is about another passage, and complete
)

// ChainKinds lists the kinds.
func ChainKinds() []ChainKind {
	return []ChainKind{ChainRemoved, ChainPronoun, ChainAlone, ChainOther}
}

// Chain is a conversation of two questions. The second is judged.
type Chain struct {
	Judged
	Kind  ChainKind
	First string // the question before
	Full  string // the second question as it was before words were left out; equal to Text where none were
}

// Chains makes conversations of the questions of a set: two that follow each other and have the same relevant document,
// the second with all its words, without the words that it shares with the first or with the document's title, and with
// a pronoun in their place. Where the two share no word, there is nothing to leave out. Every question with one relevant
// document also follows up to [others] questions about other documents, which are spread over the set. words reads a question.
func Chains(set Set, words func(text string) []Word) []Chain {
	titles := make(map[string]string, len(set.Documents))
	for _, d := range set.Documents {
		titles[d.ID] = d.Title
	}
	var order []string // documents, in the order of their first question
	byDocument := map[string][]Judged{}
	for _, q := range set.Queries {
		if len(q.Relevant) != 1 {
			continue
		}
		for document := range q.Relevant {
			if byDocument[document] == nil {
				order = append(order, document)
			}
			byDocument[document] = append(byDocument[document], q)
		}
	}
	var chains []Chain
	for i, document := range order {
		questions := byDocument[document]
		for j, second := range questions[1:] {
			first := questions[j]
			add := func(kind ChainKind, before, text string) {
				if len(words(text)) > 0 { // else nothing is left to ask
					q := second
					q.Text = text
					chains = append(chains, Chain{Judged: q, Kind: kind, First: before, Full: second.Text})
				}
			}
			shared := sharedWords(words(first.Text+"\n"+titles[document]), words(second.Text))
			add(ChainRemoved, first.Text, without(second.Text, shared, false))
			add(ChainPronoun, first.Text, without(second.Text, shared, true))
			add(ChainAlone, first.Text, second.Text)
		}
		for j, question := range questions {
			first := map[string]bool{}
			for k := range others {
				other := order[(i+(k+1)*len(order)/(others+1))%len(order)]
				about := byDocument[other]
				before := about[(j+k)%len(about)].Text
				if other != document && !first[before] { // a small set has few others
					first[before] = true
					chains = append(chains, Chain{Judged: question, Kind: ChainOther, First: before, Full: question.Text})
				}
			}
		}
	}
	return chains
}

// others is how many questions about other documents each question follows at most.
const others = 5

// sharedWords returns the words of the second question that stand in the context, stop words left out.
func sharedWords(context, second []Word) []Word {
	var shared []Word
	for _, w := range second {
		if !w.Stop && slices.ContainsFunc(context, func(c Word) bool { return !c.Stop && c.Stem == w.Stem }) {
			shared = append(shared, w)
		}
	}
	return shared
}

// without leaves words out of a question, and puts a pronoun in the place of the first run of them. It returns nothing
// if there is no word to leave out.
func without(question string, words []Word, pronoun bool) string {
	if len(words) == 0 {
		return ""
	}
	var b strings.Builder
	at := 0
	for _, w := range words {
		if w.Span.Start < at { // a part of the word before
			continue
		}
		b.WriteString(question[at:w.Span.Start])
		if pronoun {
			if w.Arabic {
				b.WriteString("هو")
			} else {
				b.WriteString("it")
			}
			pronoun = false
		}
		at = w.Span.End
	}
	b.WriteString(question[at:])
	return strings.Join(strings.Fields(b.String()), " ")
}

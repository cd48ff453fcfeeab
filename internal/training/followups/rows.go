package followups

import (
	"slices"

	"dalil/conversation"
	"dalil/corpus"
	"dalil/evaluation"
	"dalil/logistic"
)

// Rows are the signs of the last questions of conversations: those of their words, and those with a search for the
// question alone.
type Rows struct{ Words, Searched []logistic.Row }

// Add adds rows with a share of their weight.
func (r *Rows) Add(more Rows, share float64) {
	for _, row := range more.Words {
		row.Weight *= share
		r.Words = append(r.Words, row)
	}
	for _, row := range more.Searched {
		row.Weight *= share
		r.Searched = append(r.Searched, row)
	}
}

// part is how many documents a part of a set has.
const part = 8

// Parts divides a set into small ones, each with a few documents that follow each other and the questions about them.
func Parts(set evaluation.Set) []evaluation.Set {
	var all []evaluation.Set
	for documents := range slices.Chunk(set.Documents, part) {
		small := evaluation.Set{Name: set.Name, Documents: documents}
		for _, q := range set.Queries {
			if slices.ContainsFunc(documents, func(d corpus.Document) bool { return q.Relevant[d.ID] > 0 }) {
				small.Queries = append(small.Queries, q)
			}
		}
		if len(small.Queries) > 0 {
			all = append(all, small)
		}
	}
	return all
}

// ridge keeps the weights of signs that few examples have small.
const ridge = 1

// Fit fits the gate to words.
func (r Rows) Fit() (*logistic.Model, error) {
	return logistic.Fit(r.Words, conversation.SignNames(), ridge)
}

// FitSearched fits the gate to words and to searches.
func (r Rows) FitSearched() (*logistic.Model, error) {
	return logistic.Fit(r.Searched, conversation.SearchedNames(), ridge)
}

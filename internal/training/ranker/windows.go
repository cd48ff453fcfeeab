// Package ranker trains the learned ranker. It makes questions from parallel text,
// reads the features of their candidates from the searcher, and grows trees that
// rank the right candidates first. Start with [Topics] and [Train].
package ranker

import (
	"strings"

	"dalil/corpus"
	"dalil/internal/training"
)

// windowRows is how many sentence pairs make one passage.
const windowRows = 6

// Window lengths, in bytes of the English side: shorter ones hold menus and
// headings, longer ones lists.
const (
	leastWindow = 300
	mostWindow  = 1800
)

// window is one passage in both languages.
type window struct{ english, arabic string }

// windows cuts runs of sentence pairs, in the order of the file, into passages,
// and takes at most n of them, spread over the file.
func windows(pairs []training.Pair, n int) []window {
	var all []window
	for at := 0; at+windowRows <= len(pairs); at += windowRows {
		var english, arabic strings.Builder
		for _, p := range pairs[at : at+windowRows] {
			english.WriteString(p.Source + " ")
			arabic.WriteString(p.Target + " ")
		}
		if l := english.Len(); l >= leastWindow && l <= mostWindow {
			all = append(all, window{strings.TrimSpace(english.String()), strings.TrimSpace(arabic.String())})
		}
	}
	if len(all) <= n {
		return all
	}
	some := make([]window, n)
	for i := range some {
		some[i] = all[i*len(all)/n]
	}
	return some
}

func document(id, text string) corpus.Document { return corpus.Document{ID: id, Text: text} }

// Package claims fits the model that says how far a sentence supports a claim: the
// claims are sentences of parallel text and parts of them, the sources their
// translations and the sentences around these. Start with [Examples] and [Fit].
package claims

import (
	"context"
	"fmt"
	"strings"

	"dalil/corpus"
	"dalil/grounding/claims"
	"dalil/internal/training"
)

// Comparer compares a claim with every sentence of the sources.
type Comparer interface {
	Compare(ctx context.Context, claim string, sources []corpus.Source) ([]claims.Comparison, error)
}

// Example is a claim that was compared twice.
type Example struct {
	Weight float64
	// With are the comparisons with sources that support the claim, Without those with
	// sources that do not.
	With, Without []claims.Comparison
}

// Limits of the examples.
const (
	mostOfFile = 250 // pairs of one file, spread over it
	leastWords = 5   // of a claim
	mostWords  = 60
	leastWhole = 12 // words of a sentence whose parts are claims too
	around     = 3  // distracting sentences on each side
	few        = 4  // one claim in few has one distracting sentence in all
)

// Weights of examples: a whole sentence and its translation weigh 1.
const (
	sameLanguage = 0.5 // a claim in the language of its source
	partOnly     = 0.5 // a claim that is a part of a sentence
)

// kinds of claims that are made of each pair.
var kinds = []struct {
	part   int  // a run of the words: half of them, a third, a quarter; 0: all
	joined int  // the sources are joined to sentences of so many; 0: they are not
	gaps   bool // without every fourth word
	claim  int  // the side of the pair, 0 or 1; 2: both in turn
	source int  // the side of the sources; 2: that of the claim
}{
	{claim: 0, source: 1},
	{claim: 1, source: 0},
	{gaps: true, claim: 2, source: 2},
	{part: 2, claim: 0, source: 1},
	{part: 2, claim: 1, source: 0},
	{part: 2, claim: 2, source: 2},
	{part: 4, claim: 0, source: 1},
	{part: 4, claim: 1, source: 0},
	{part: 3, claim: 2, source: 2},
	{joined: 2, claim: 0, source: 1},
	{joined: 2, claim: 1, source: 0},
	{part: 2, joined: 2, claim: 0, source: 1},
	{part: 2, joined: 2, claim: 1, source: 0},
	{part: 2, joined: 2, claim: 2, source: 2},
}

// Examples compares sentences of files of pairs, each in the order of its document.
func Examples(ctx context.Context, c Comparer, files [][]training.Pair) ([]Example, error) {
	var all []Example
	for _, pairs := range files {
		step := max(1, len(pairs)/mostOfFile)
		for n, at := 0, around; at < len(pairs)-around; n, at = n+1, at+step {
			for _, kind := range kinds {
				from, to := kind.claim, kind.source
				if from == 2 {
					from, to = n%2, n%2
				}
				words := strings.Fields(side(pairs[at], from))
				weight := 1.
				if from == to {
					weight *= sameLanguage
				}
				switch {
				case kind.part > 0 && len(words) < leastWhole:
					continue
				case kind.part > 0:
					long := max(leastWords, len(words)/kind.part)
					words = words[n%3*(len(words)-long)/2:][:long]
					weight *= partOnly
				case kind.gaps:
					words = withGaps(words, n)
				}
				if kind.joined > 0 {
					weight *= partOnly
				}
				if len(words) < leastWords || len(words) > mostWords {
					continue
				}
				twin, others := sources(pairs, at, to, max(kind.joined, 1), n%few == 0)
				e := Example{Weight: weight}
				var err error
				claim := strings.Join(words, " ")
				if e.With, err = c.Compare(ctx, claim, append([]corpus.Source{twin}, others...)); err != nil {
					return nil, fmt.Errorf("compare line %d: %w", at+1, err)
				}
				if e.Without, err = c.Compare(ctx, claim, others); err != nil {
					return nil, fmt.Errorf("compare line %d: %w", at+1, err)
				}
				if len(e.With) > 0 && len(e.Without) > 0 {
					all = append(all, e)
				}
			}
		}
	}
	return all, nil
}

func side(p training.Pair, of int) string { return [2]string{p.Source, p.Target}[of] }

func withGaps(words []string, n int) []string {
	var kept []string
	for i, word := range words {
		if (i+n)%4 != 0 {
			kept = append(kept, word)
		}
	}
	return kept
}

// sources returns one side of a pair, and that of the pairs around it. Each source has
// some pairs, as one sentence.
func sources(pairs []training.Pair, at, of, each int, single bool) (twin corpus.Source, others []corpus.Source) {
	twin.Text = joined(pairs[at:min(at+each, len(pairs))], of)
	for i := at - around*each; i <= at+around*each; i += each {
		if i < 0 || i+each > len(pairs) || i == at || single && len(others) > 0 {
			continue
		}
		if text := joined(pairs[i:i+each], of); text != twin.Text {
			others = append(others, corpus.Source{Text: text})
		}
	}
	return twin, others
}

// joined writes sentences as one.
func joined(pairs []training.Pair, of int) string {
	texts := make([]string, len(pairs))
	for i, p := range pairs {
		texts[i] = side(p, of)
		if i+1 < len(pairs) {
			texts[i] = strings.TrimRight(texts[i], ".!?؟ ") + ","
		}
	}
	return strings.Join(texts, " ")
}

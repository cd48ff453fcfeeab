package training

import (
	"fmt"
	"log/slog"
	"math"
	"slices"
	"sync"

	"dalil/lexical"
)

// LexiconOptions tune TrainLexicon; zero fields take the measured defaults.
type LexiconOptions struct {
	Iterations   int     // of EM; 0: 5
	Lambda       float64 // of the diagonal prior; 0: 4
	Translations int     // of a stem that are kept; 0: 24
	Least        float64 // least weight that is kept; 0: 0.01
	Log          *slog.Logger
}

// Exponents of the two directions' probabilities in a translation's weight:
// flattening the table and asking both directions keeps a frequent word from
// swallowing its rivals.
const (
	forwardExponent  = 0.4
	backwardExponent = 0.3
)

// TrainLexicon learns which stems of the target language stand for which of
// the source language, and the reverse, and returns the file of it. Equal
// input gives equal bytes, whatever the number of cores.
func TrainLexicon(pairs []Pair, o LexiconOptions) ([]byte, error) {
	if o.Iterations <= 0 {
		o.Iterations = 5
	}
	if o.Lambda == 0 {
		o.Lambda = 4
	}
	if o.Translations <= 0 {
		o.Translations = 24
	}
	if o.Least <= 0 {
		o.Least = 0.01
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	analyzer := lexical.NewAnalyzer()
	sources, targets := newNumbers(), newNumbers()
	texts := number(pairs, analyzer, sources, targets)
	if len(texts) == 0 {
		return nil, fmt.Errorf("none of the %d pairs has words on both sides", len(pairs))
	}
	o.Log.Info("aligning", "pairs", len(texts), "source_stems", len(sources.words)-1, "target_stems", len(targets.words)-1)
	reversed := make([]bitext, len(texts))
	for i, t := range texts {
		reversed[i] = bitext{source: t.target, target: t.source, term: t.term}
	}
	var forward, backward *table
	var both sync.WaitGroup
	settings := alignment{iterations: o.Iterations, lambda: o.Lambda, null: 0.08}
	both.Go(func() { forward = align(texts, len(sources.words)-1, settings) })
	both.Go(func() { backward = align(reversed, len(targets.words)-1, settings) })
	both.Wait()
	entries := append(translations(forward, backward, sources.words, targets.words, o), translations(backward, forward, targets.words, sources.words, o)...)
	entries = merged(entries)
	o.Log.Info("aligned", "translations", len(entries))
	return lexical.EncodeLexicon(analyzer.Name(), entries)
}

// numbers gives every stem its number, from 1.
type numbers struct {
	of    map[string]int32
	words []string
}

func newNumbers() *numbers { return &numbers{of: map[string]int32{}, words: []string{""}} }

func (n *numbers) number(word string) int32 {
	i, known := n.of[word]
	if !known {
		i = int32(len(n.words))
		n.of[word] = i
		n.words = append(n.words, word)
	}
	return i
}

// maxSentence bounds the words of a side; a longer pair says little of any.
const maxSentence = 100

func number(pairs []Pair, analyzer *lexical.Analyzer, sources, targets *numbers) []bitext {
	side := func(text string, n *numbers) []int32 {
		terms := analyzer.Terms(text)
		ids := make([]int32, len(terms))
		for i, t := range terms {
			ids[i] = n.number(t.Stem)
		}
		return ids
	}
	var texts []bitext
	for _, p := range pairs {
		t := bitext{source: side(p.Source, sources), target: side(p.Target, targets), term: p.Term}
		if len(t.source) == 0 || len(t.target) == 0 || len(t.source) > maxSentence || len(t.target) > maxSentence {
			continue
		}
		texts = append(texts, t)
	}
	return texts
}

// translations turns the two directions' tables into entries of one of them.
func translations(forward, backward *table, sources, targets []string, o LexiconOptions) []lexical.Entry {
	var entries, row []lexical.Entry
	for s := int32(1); s < int32(len(sources)); s++ {
		row = row[:0]
		for i := forward.first[s]; i < forward.first[s+1]; i++ {
			target := forward.columns[i]
			w := math.Pow(float64(forward.p[i]), forwardExponent) * math.Pow(backward.get(target, s), backwardExponent)
			// A number or a name that both sides write alike needs no entry.
			if w >= o.Least && sources[s] != targets[target] {
				row = append(row, lexical.Entry{Source: sources[s], Target: targets[target], Weight: min(w, 1)})
			}
		}
		slices.SortFunc(row, func(a, b lexical.Entry) int {
			if a.Weight != b.Weight {
				if a.Weight > b.Weight {
					return -1
				}
				return 1
			}
			if a.Target < b.Target {
				return -1
			}
			return 1
		})
		entries = append(entries, row[:min(len(row), o.Translations)]...)
	}
	return entries
}

// merged joins entries of one source and target: a Latin word may stand on
// both sides of the text.
func merged(entries []lexical.Entry) []lexical.Entry {
	type key struct{ source, target string }
	at := make(map[key]int, len(entries))
	out := entries[:0]
	for _, e := range entries {
		k := key{e.Source, e.Target}
		if i, twice := at[k]; twice {
			out[i].Weight = max(out[i].Weight, e.Weight)
			continue
		}
		at[k] = len(out)
		out = append(out, e)
	}
	return out
}

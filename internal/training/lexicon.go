package training

import (
	"fmt"
	"log/slog"
	"sync"

	"dalil/lexical"
)

// LexiconOptions tune TrainLexicon; zero fields take the measured defaults.
type LexiconOptions struct {
	Iterations   int                // of EM; 0: 5
	Lambda       float64            // of the diagonal prior; 0: 4
	Translations int                // of a stem that are kept; 0: 24
	Least        float64            // least weight that is kept; 0: 0.01
	Trust        map[string]float64 // of the files, by their names without ending, above 0 to 1; the others: 1
	Log          *slog.Logger
}

// Exponents of the two directions' probabilities in a translation's weight:
// flattening the table and asking both directions keeps a frequent word from
// swallowing its rivals.
const (
	forwardExponent  = 0.4
	backwardExponent = 0.3
)

// TrainLexicon learns which stems of the target language translate which stems of
// the source language, and the reverse, and returns the lexicon as a file. Equal
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
	v := newVocabularies()
	texts := v.number(pairs, analyzer, o.Trust)
	if len(texts) == 0 {
		return nil, fmt.Errorf("none of the %d pairs has words on both sides", len(pairs))
	}
	o.Log.Info("aligning", "pairs", len(texts), "source_stems", len(v.sources.words)-1, "target_stems", len(v.targets.words)-1)
	reversed := make([]bitext, len(texts))
	for i, t := range texts {
		reversed[i] = t
		reversed[i].source, reversed[i].target = t.target, t.source
		reversed[i].sourceForms, reversed[i].targetForms = t.targetForms, t.sourceForms
	}
	there, back := direction{texts: texts, sources: v.sources.words, targets: v.targets.words, forms: v.sourceForms.words, origins: v.trust},
		direction{texts: reversed, sources: v.targets.words, targets: v.sources.words, forms: v.targetForms.words, origins: v.trust}
	var both sync.WaitGroup
	settings := alignment{iterations: o.Iterations, lambda: o.Lambda, null: 0.08}
	both.Go(func() { there.learn(settings) })
	both.Go(func() { back.learn(settings) })
	both.Wait()
	there.prune, back.prune = v.otherScripts, v.otherScripts
	entries := append(there.entries(back.table, o), back.entries(there.table, o)...)
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

// merged joins entries of one source and target: a Latin word may be on
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

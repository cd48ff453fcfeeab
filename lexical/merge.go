package lexical

import (
	"cmp"
	"slices"

	"dalil/corpus"
)

// MergeLexicons returns a lexicon with the translations of all lexicons. A pair in
// several of them has its largest weight. All lexicons must have stems of the same
// analyzer.
func MergeLexicons(all ...*Lexicon) (*Lexicon, error) {
	if len(all) == 0 {
		return nil, corpus.Errorf(corpus.ErrInvalid, "no lexicon to merge")
	}
	merged := *all[0]
	for _, l := range all[1:] {
		if l.analyzer != merged.analyzer {
			return nil, corpus.Errorf(corpus.ErrInvalid, "one lexicon holds stems of the analyzer %s, another of %s", merged.analyzer, l.analyzer)
		}
		merged.more = append(slices.Clone(merged.more), l)
	}
	return &merged, nil
}

// joined lists the translations of a stem in the lexicon and in the merged
// lexicons, in descending order of weight.
func (l *Lexicon) joined(stem string) []Entry {
	var all []Entry
	add := func(target string, weight float64) bool {
		at := slices.IndexFunc(all, func(e Entry) bool { return e.Target == target })
		if at < 0 {
			all = append(all, Entry{Source: stem, Target: target, Weight: weight})
		} else {
			all[at].Weight = max(all[at].Weight, weight)
		}
		return true
	}
	l.alone(stem, add)
	for _, other := range l.more {
		other.Translations(stem, add)
	}
	slices.SortStableFunc(all, func(a, b Entry) int { return cmp.Compare(b.Weight, a.Weight) })
	return all
}

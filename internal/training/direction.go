package training

import (
	"cmp"
	"math"
	"math/bits"
	"slices"

	"dalil/lexical"
)

// direction learns the translations of one language's words.
type direction struct {
	texts            []bitext
	sources, targets []string
	forms            []string  // of the source language
	origins          []float64 // how much each is trusted
	prune            bool      // pairs of two words of one script

	table   *table
	support map[[2]int32]uint64         // origins that align a pair, one bit each of 64
	counts  map[int32]map[int32]float64 // of an exact form's targets
	stemOf  map[int32]int32             // of a form
	formsOf map[int32]int               // how many forms a stem has
	phrases map[phrase]*phraseCounts
	totals  map[int32]float64 // sums of counts
}

// aligned is the share from which a target word counts as a translation of a source
// word.
const aligned = 0.2

func (d *direction) learn(o alignment) {
	d.table = align(d.texts, len(d.sources)-1, o)
	d.support, d.counts = map[[2]int32]uint64{}, map[int32]map[int32]float64{}
	d.stemOf, d.formsOf, d.totals = map[int32]int32{}, map[int32]int{}, map[int32]float64{}
	d.findPhrases(o)
	var p posterior
	for _, text := range d.texts {
		for j, target := range text.target {
			if !p.of(d.table, text, j, o) {
				continue
			}
			for i, source := range text.source {
				share := p.shares[i+1]
				if share < aligned {
					continue
				}
				d.support[[2]int32{source, target}] |= 1 << (text.origin % 64)
				d.count(source, text.sourceForms[i], target, share*text.weight)
			}
		}
	}
}

func (d *direction) count(stem, form, target int32, share float64) {
	if _, known := d.stemOf[form]; !known {
		d.stemOf[form] = stem
		d.formsOf[stem]++
	}
	of := d.counts[form]
	if of == nil {
		of = map[int32]float64{}
		d.counts[form] = of
	}
	of[target] += share
	d.totals[form] += share
}

// entries turns the two directions' tables into the translations of this one:
// of every stem, and of the exact forms that mean something else than their stem
// does.
func (d *direction) entries(backward *table, o LexiconOptions) []lexical.Entry {
	var entries []lexical.Entry
	for s := int32(1); s < int32(len(d.sources)); s++ {
		var row []lexical.Entry
		var support []uint64
		for i := d.table.first[s]; i < d.table.first[s+1]; i++ {
			target := d.table.columns[i]
			w := weigh(float64(d.table.p[i]), backward.get(target, s))
			if w >= o.Least && d.sound(s, target) {
				row = append(row, lexical.Entry{Source: d.sources[s], Target: d.targets[target], Weight: w})
				support = append(support, d.support[[2]int32{s, target}])
			}
		}
		entries = append(entries, heaviest(d.trusted(row, support), o.Translations)...)
	}
	forms := make([]int32, 0, len(d.counts))
	for form := range d.counts {
		forms = append(forms, form)
	}
	slices.Sort(forms)
	for _, form := range forms {
		entries = append(entries, d.exact(form, backward, o)...)
	}
	return append(entries, d.phraseEntries(backward)...)
}

// weigh joins the probabilities of both directions.
func weigh(there, back float64) float64 {
	return min(math.Pow(there, forwardExponent)*math.Pow(back, backwardExponent), 1)
}

// sound reports whether a pair can be a translation. A number or a name that
// both sides write alike needs no entry.
func (d *direction) sound(source, target int32) bool {
	s, t := d.sources[source], d.targets[target]
	return s != t && !(d.prune && isLatin(s) == isLatin(t))
}

// trusted drops the translations that no file supports, or one alone that is
// not trusted, where others have more.
func (d *direction) trusted(row []lexical.Entry, support []uint64) []lexical.Entry {
	good := func(origins uint64) bool {
		return bits.OnesCount64(origins) > 1 || origins != 0 && d.origins[bits.TrailingZeros64(origins)] >= trustedAlone
	}
	if !slices.ContainsFunc(support, good) {
		return row
	}
	kept := row[:0]
	for i, e := range row {
		if good(support[i]) {
			kept = append(kept, e)
		}
	}
	return kept
}

// trustedAlone is the trust from which one file is enough.
const trustedAlone = 0.5

// Exact forms: how many times a form must be met, how strongly its stem's
// translations count among its own, and how far the two must lie apart.
const (
	formLeast = 3
	formPrior = 4
	formApart = 0.3
)

// exact lists the translations of a form, under its key, where they are others
// than those of its stem: cooperation is not Cooper.
func (d *direction) exact(form int32, backward *table, o LexiconOptions) []lexical.Entry {
	stem := d.stemOf[form]
	of := d.counts[form]
	total := d.totals[form]
	if d.formsOf[stem] < 2 || total < formLeast {
		return nil
	}
	var row []lexical.Entry
	var apart float64
	for i := d.table.first[stem]; i < d.table.first[stem+1]; i++ {
		target := d.table.columns[i]
		there := float64(d.table.p[i])
		p := (of[target] + formPrior*there) / (total + formPrior)
		apart += math.Abs(of[target]/total - there)
		if w := weigh(p, backward.get(target, stem)); w >= o.Least && d.sound(stem, target) {
			row = append(row, lexical.Entry{Source: lexical.ExactKey(d.forms[form]), Target: d.targets[target], Weight: w})
		}
	}
	if apart/2 < formApart {
		return nil
	}
	return heaviest(row, o.Translations/2)
}

func heaviest(row []lexical.Entry, most int) []lexical.Entry {
	slices.SortFunc(row, func(a, b lexical.Entry) int {
		if c := cmp.Compare(b.Weight, a.Weight); c != 0 {
			return c
		}
		return cmp.Compare(a.Target, b.Target)
	})
	return row[:min(len(row), most)]
}

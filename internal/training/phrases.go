package training

import (
	"slices"

	"dalil/lexical"
)

// Phrases: two neighbours that mean more together than apart (Champions League,
// free trade) have translations of their own. The constants are: how often a phrase
// must occur, where a dictionary's row of its own counts rowCounts times; the share
// of its occurrences in which a target must translate one of its words; by how much
// that share must exceed what the words alone give, for at least one target; and how
// many phrases are kept.
const (
	phraseLeast   = 4
	rowCounts     = 3
	phraseShare   = 0.25
	phraseGain    = 0.5
	phraseTargets = 4
)

// phrase is two neighbouring stems.
type phrase struct{ first, second int32 }

// phraseCounts counts a phrase's occurrences, and those in which its words translate each target.
type phraseCounts struct {
	met     float64
	targets map[int32]float64
}

// findPhrases counts the neighbours that are met often enough and what they are
// aligned with.
func (d *direction) findPhrases(o alignment) {
	met := map[phrase]float64{}
	each := func(text bitext, yield func(i int, p phrase, weight float64)) {
		weight := text.weight
		if text.term && len(text.source) == 2 && text.weight >= trustedAlone {
			weight *= rowCounts
		}
		for i := range len(text.source) - 1 {
			yield(i, phrase{text.source[i], text.source[i+1]}, weight)
		}
	}
	for _, text := range d.texts {
		each(text, func(_ int, p phrase, weight float64) { met[p] += weight })
	}
	d.phrases = map[phrase]*phraseCounts{}
	for p, n := range met {
		if n >= phraseLeast && p.first != p.second {
			d.phrases[p] = &phraseCounts{met: n, targets: map[int32]float64{}}
		}
	}
	var post posterior
	for _, text := range d.texts {
		known := false
		each(text, func(_ int, p phrase, _ float64) { known = known || d.phrases[p] != nil })
		if !known {
			continue
		}
		for j, target := range text.target {
			if slices.Contains(text.target[:j], target) || !post.of(d.table, text, j, o) {
				continue
			}
			each(text, func(i int, p phrase, weight float64) {
				if c := d.phrases[p]; c != nil {
					if share := post.shares[i+1] + post.shares[i+2]; share >= aligned {
						c.targets[target] += weight * min(share, 1)
					}
				}
			})
		}
	}
}

// phraseEntries lists the translations of the phrases whose words do not have
// them. The weight of one is its share.
func (d *direction) phraseEntries(backward *table) []lexical.Entry {
	all := make([]phrase, 0, len(d.phrases))
	for p := range d.phrases {
		all = append(all, p)
	}
	slices.SortFunc(all, func(a, b phrase) int {
		if a.first != b.first {
			return int(a.first - b.first)
		}
		return int(a.second - b.second)
	})
	var entries []lexical.Entry
	best := d.bestOf(backward)
	for _, p := range all {
		c := d.phrases[p]
		var row []lexical.Entry
		var alone []float64
		for target, n := range c.targets {
			share := min(n/c.met, 1)
			if share < phraseShare || !d.sound(p.first, target) || !d.sound(p.second, target) {
				continue
			}
			row = append(row, lexical.Entry{Source: lexical.PhraseKey(d.sources[p.first], d.sources[p.second]), Target: d.targets[target], Weight: share})
			alone = append(alone, max(weigh(d.table.get(p.first, target), backward.get(target, p.first)), weigh(d.table.get(p.second, target), backward.get(target, p.second))))
		}
		if len(row) == 0 {
			continue
		}
		if slices.Min(alone) < phraseGain*max(best(p.first), best(p.second)) {
			entries = append(entries, heaviest(row, phraseTargets)...)
		}
	}
	return entries
}

// bestOf returns a function that gives the weight of a stem's best translation.
func (d *direction) bestOf(backward *table) func(source int32) float64 {
	known := make([]float64, len(d.sources))
	return func(source int32) float64 {
		if known[source] == 0 {
			for i := d.table.first[source]; i < d.table.first[source+1]; i++ {
				known[source] = max(known[source], weigh(float64(d.table.p[i]), backward.get(d.table.columns[i], source)))
			}
		}
		return known[source]
	}
}

package lexical

import "dalil/corpus"

// Rarity returns the idf of that form of a word, its own or a translation, that
// most passages contain. So it does not depend on the language of the passages. The
// rarity of a stop word is 0. A word of the question is not looked up again; v must be
// what the question was expanded with. The question may be nil.
func (x *Expander) Rarity(word string, v Frequencies, q *Question) float64 {
	a := x.askings.get(x)
	defer x.askings.put(a)
	a.terms = x.analyzer.AppendTerms(a.terms[:0], word)
	var rarity float64
	for _, term := range a.terms {
		known, held := q.rarity(&term)
		if !held {
			c := candidates{own: len(a.all)}
			a.rare(x, term, &c)
			a.lookUp(v)
			known = a.rarity(&c, x.options.Translations, v.Passages())
		}
		rarity = max(rarity, known)
	}
	return rarity
}

// rarity returns the rarity of a word that the question has.
func (q *Question) rarity(term *Term) (rarity float64, held bool) {
	if q == nil {
		return 0, false
	}
	for i := range q.Groups {
		if g := &q.Groups[i]; g.term.Word == term.Word && g.term.Stem == term.Stem && g.term.Script == term.Script && !g.term.Stop {
			return g.rarity, true
		}
	}
	return 0, false
}

// rare adds what the rarity of a word depends on: its translations and its stem.
func (a *asking) rare(x *Expander, term Term, c *candidates) {
	if !term.Stop && a.lexicon != nil {
		a.translations(x.source(term))
	}
	c.translated = len(a.all)
	a.add(term.Stem, Hash(term.Stem), 1)
}

// rarity is the idf of the stem, or of the translation that most passages contain, of the
// best so many that the index contains.
func (a *asking) rarity(c *candidates, translations, passages int) float64 {
	most := a.counts[c.translated]
	for i := c.own; i < c.translated && translations > 0; i++ {
		if n := a.counts[i]; n > 0 {
			most = max(most, n)
			translations--
		}
	}
	return corpus.IDF(passages, most)
}

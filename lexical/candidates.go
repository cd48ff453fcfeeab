package lexical

import "sync"

// BatchFrequencies are frequencies that look up many dimensions in less time than one after
// the other.
type BatchFrequencies interface {
	Frequencies
	// Frequencies sets the frequency of each dimension. Both slices have the same length.
	Frequencies(dimensions []uint32, frequencies []int)
}

// asking collects everything that the words of a question may be searched by, so that the
// index is asked once.
type asking struct {
	tables     *tables
	lexicon    *Lexicon
	all        []candidate
	dimensions []uint32 // of the candidates
	counts     []int    // their frequencies
	cores      []core
	found      []form // of one word
	terms      []Term
	weights    weightSum
}

// candidate is a form that the index may contain.
type candidate struct {
	text        string // "": the stem of the lexicon with this number
	number      uint32
	probability float64 // of a translation, its weight in the lexicon
}

// candidates says where those of one word are.
type candidates struct {
	from, own, translated int // the word's own from here on, translations up to there, and behind them the stem once more

	again  bool    // the question has the word before
	listed bool    // the lexicon has translations of its stem
	best   float64 // the probability of its best translation; 0: it has none. A number is its own.
}

// askings keeps the memory of asking for reuse.
type askings struct{ pool sync.Pool }

func (p *askings) get(x *Expander) *asking {
	a, held := p.pool.Get().(*asking)
	if !held {
		a = &asking{}
	}
	a.tables, a.lexicon = x.analyzer.tables, x.lexicon
	return a
}

func (p *askings) put(a *asking) {
	clear(a.all) // lets go of the question
	clear(a.cores[:cap(a.cores)])
	clear(a.found[:cap(a.found)])
	clear(a.terms[:cap(a.terms)])
	a.all, a.dimensions = a.all[:0], a.dimensions[:0]
	p.pool.Put(a)
}

// candidates adds what a word may be searched by.
func (a *asking) candidates(x *Expander, term Term) (c candidates) {
	c.from = len(a.all)
	a.own(term)
	c.own = len(a.all)
	a.rare(x, term, &c)
	switch {
	case x.isNumeral(term):
		c.best = 1
	case c.own < c.translated:
		c.best = a.all[c.own].probability
	case term.Stop && a.lexicon != nil:
		a.lexicon.Translations(x.source(term).String(), func(_ string, weight float64) bool {
			c.best = weight
			return false
		})
	}
	c.listed = a.lexicon != nil && a.lexicon.Contains(term.Stem)
	return c
}

// translations adds the translations of a stem, in descending order of weight.
func (a *asking) translations(stem spelled) {
	l := a.lexicon
	if len(l.more) > 0 {
		for _, e := range l.joined(stem.String()) {
			a.add(e.Target, Hash(e.Target), e.Weight)
		}
		return
	}
	from, to := l.span(stem)
	for j := from; j < to; j++ {
		a.all = append(a.all, candidate{number: l.targets[j], probability: weightOf(l.weights[j])})
		a.dimensions = append(a.dimensions, l.stems.hashes[l.targets[j]])
	}
}

// lookUp sets the frequencies.
func (a *asking) lookUp(v Frequencies) {
	if cap(a.counts) < len(a.dimensions) {
		a.counts = make([]int, 2*len(a.dimensions))
	}
	a.counts = a.counts[:len(a.dimensions)]
	FrequenciesOf(v, a.dimensions, a.counts)
}

// FrequenciesOf sets the frequency of each dimension. Looking up all at once takes less time than one after another.
func FrequenciesOf(v Frequencies, dimensions []uint32, counts []int) {
	if batch, is := v.(BatchFrequencies); is {
		batch.Frequencies(dimensions, counts)
		return
	}
	for i, d := range dimensions {
		counts[i] = v.Frequency(d)
	}
}

// held appends the candidates in a range that the index contains, each dimension once and
// at most so many.
func (a *asking) held(forms []form, from, to, most int, own bool) []form {
	first := len(forms)
next:
	for i := from; i < to && len(forms)-first < most; i++ {
		if a.counts[i] == 0 {
			continue
		}
		c := &a.all[i]
		if own {
			for j := range forms[first:] {
				if f := &forms[first+j]; f.dimension == a.dimensions[i] {
					f.probability = max(f.probability, c.probability)
					continue next
				}
			}
		}
		f := form{stem: c.text, dimension: a.dimensions[i], probability: c.probability, frequency: a.counts[i], own: own}
		if f.stem == "" {
			f.stem = a.lexicon.stems.stem(c.number)
		}
		forms = append(forms, f)
	}
	return forms
}

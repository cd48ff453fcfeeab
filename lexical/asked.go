package lexical

import "strings"

// stemShare is the weight of a word's stem relative to its form.
const stemShare = 0.85

// Weights of words that are related to a word by a list or by a rule.
const (
	listedPlural = 0.9 // a broken plural of words/ar-plurals.txt
	brokenPlural = 0.1 // one that the patterns allow
	doubtful     = 0.4 // the other readings of a word without particles
)

// FormHash returns the sparse dimension of a form, which is a word without its
// particles but with all its endings.
func FormHash(form string) uint32 { return mix(fnv(fnvBasis^0x5a5a_0003, form)) }

// own returns the dimensions of the index for the word in its own language, with
// the probability of each. For the word itself they sum to 1.
func (x *Expander) own(term Term, v Frequencies) []form {
	if term.Stop {
		dimension := FormHash(term.Word)
		if n := v.Frequency(dimension); n > 0 {
			return []form{{stem: term.Word, dimension: dimension, probability: 1, frequency: n, own: true}}
		}
		return nil
	}
	if term.Script != Arabic {
		dimension := Hash(term.Stem)
		if n := v.Frequency(dimension); n > 0 {
			return []form{{stem: term.Stem, dimension: dimension, probability: 1, frequency: n, own: true}}
		}
		return nil
	}
	a := asking{tables: x.analyzer.tables, vocabulary: v}
	a.word(term.Word)
	return a.all
}

// asking collects the dimensions of one Arabic word.
type asking struct {
	tables     *tables
	vocabulary Frequencies
	all        []form
	cores      []core
}

// add adds a dimension, or raises its weight to the larger one.
func (a *asking) add(text string, dimension uint32, weight float64) {
	for i := range a.all {
		if a.all[i].dimension == dimension {
			a.all[i].probability = max(a.all[i].probability, weight)
			return
		}
	}
	if n := a.vocabulary.Frequency(dimension); n > 0 {
		a.all = append(a.all, form{stem: text, dimension: dimension, probability: weight, frequency: n, own: true})
	}
}

func (a *asking) word(word string) {
	r, n := a.tables.readings([]byte(word))
	best := float64(r[0].weight)
	for _, one := range r[:n] {
		weight := float64(one.weight)
		if one.lo != r[0].lo {
			weight = min(weight, doubtful*best)
		}
		a.base(word[one.lo:], weight)
	}
	// The word after the article may begin with a letter that looks like a
	// particle, and a word without it with letters that look like the article:
	// a text that has the word in its other shape was read so.
	if inner := word[r[0].lo:]; r[0].lo > 0 && n == 1 {
		more, m := a.tables.readings([]byte(inner))
		for _, one := range more[:m] {
			if one.lo > 0 {
				a.base(inner[one.lo:], min(float64(one.weight), doubtful))
			}
		}
		if strings.HasPrefix(word, "ال") && r[0].lo == 2*letter {
			a.base(word, doubtful)
		}
	}
}

// base adds one reading: its stem, its form, the form with other endings, and its
// broken plurals.
func (a *asking) base(base string, weight float64) {
	stem := a.tables.arabicStem(base)
	a.add(stem, Hash(stem), stemShare*weight)
	rest := (1 - stemShare) * weight
	a.add(base, FormHash(base), rest)
	a.forms(base, rest)
	for _, form := range a.tables.arabicFamilies[stem] {
		if form != base {
			a.add(form, FormHash(form), rest*listedPlural)
			a.forms(form, rest*listedPlural)
		}
	}
	a.patterns(base, weight*brokenPlural)
}

// forms adds the word with each ending that its cores may have.
func (a *asking) forms(base string, weight float64) {
	a.cores = cores(a.cores[:0], base)
	for _, c := range a.cores {
		state := fnv(fnvBasis^0x5a5a_0003, c.text)
		for _, e := range arabicEndings {
			if e.text == "وون" {
				continue
			}
			a.add(base, mix(fnv(state, e.text)), weight*kinship[c.gender][e.gender])
		}
		if hamza, ok := strings.CutSuffix(c.text, "ي"); ok && len(hamza) >= 2*letter {
			for _, end := range []string{"وون", "ون", "ين", ""} {
				a.add(base, FormHash(hamza+end), weight*kinship[c.gender][masculine])
			}
		}
	}
}

// patterns adds the stems that a broken plural or its singular may have.
func (a *asking) patterns(base string, weight float64) {
	a.cores = cores(a.cores[:0], base)
	for _, c := range a.cores {
		letters := []rune(c.text)
		if len(letters) < 2 || len(letters) > 6 {
			continue
		}
		for _, p := range pluralPatterns {
			for _, way := range [][2]string{{p.singular, p.plural}, {p.plural, p.singular}} {
				if to, ok := refill(letters, way[0], way[1]); ok {
					stem := a.tables.arabicStem(to)
					a.add(stem, Hash(stem), weight)
				}
			}
		}
	}
}

// refill reads letters by one pattern and writes them by another; digits are the
// letters of the root.
func refill(letters []rune, from, to string) (string, bool) {
	shape := []rune(from)
	if len(shape) != len(letters) {
		return "", false
	}
	var root [5]rune
	for i, p := range shape {
		switch {
		case p >= '1' && p <= '4':
			if letters[i] == 'ا' || letters[i] == 'ه' && i == len(letters)-1 && !strings.ContainsAny(from, "او") {
				return "", false
			}
			if was := root[p-'0']; was != 0 && was != letters[i] {
				return "", false // the root has this letter twice
			}
			root[p-'0'] = letters[i]
		case p != letters[i]:
			return "", false
		}
	}
	var b strings.Builder
	for _, p := range to {
		if p >= '1' && p <= '4' {
			p = root[p-'0']
		}
		b.WriteRune(p)
	}
	return b.String(), true
}

// arabicStem returns the stem of a form.
func (t *tables) arabicStem(form string) string {
	stem := form[:t.arabicSuffix([]byte(form))]
	if singular, ok := t.arabicPlurals[stem]; ok {
		return singular
	}
	return stem
}

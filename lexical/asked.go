package lexical

import (
	"strings"
	"unicode/utf8"
)

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
func FormHash(form string) uint32 { return mix(fnv(formBasis, form)) }

const formBasis uint64 = fnvBasis ^ 0x5a5a_0003

// own adds the dimensions of a word in its own language, with the probability of each. For
// the word itself they sum to 1.
func (a *asking) own(term Term) {
	switch {
	case term.Stop:
		a.add(term.Word, FormHash(term.Word), 1)
	case term.Script != Arabic:
		a.add(term.Stem, Hash(term.Stem), 1)
	default:
		a.word(term.Word)
	}
}

// add adds a dimension. One that is added several times has its largest weight.
func (a *asking) add(text string, dimension uint32, weight float64) {
	a.all = append(a.all, candidate{text: text, probability: weight})
	a.dimensions = append(a.dimensions, dimension)
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
		state := fnv(formBasis, c.text)
		for _, e := range arabicEndings {
			if e.text == "وون" {
				continue
			}
			a.add(base, mix(fnv(state, e.text)), weight*kinship[c.gender][e.gender])
		}
		if hamza, ok := strings.CutSuffix(c.text, "ي"); ok && len(hamza) >= 2*letter {
			for _, end := range []string{"وون", "ون", "ين", ""} {
				a.add(base, mix(fnv(fnv(formBasis, hamza), end)), weight*kinship[c.gender][masculine])
			}
		}
	}
}

// patterns adds the stems that a broken plural or its singular may have.
func (a *asking) patterns(base string, weight float64) {
	a.cores = cores(a.cores[:0], base)
	for _, c := range a.cores {
		var letters [6]rune
		n := 0
		for _, r := range c.text {
			if n < len(letters) {
				letters[n] = r
			}
			n++
		}
		if n < 2 || n > len(letters) {
			continue
		}
		for i := range a.tables.patterns[n] {
			if to, ok := a.tables.patterns[n][i].refill(letters[:n]); ok {
				stem := a.tables.arabicStem(to)
				a.add(stem, Hash(stem), weight)
			}
		}
	}
}

// refill reads letters by one pattern and writes them by another; digits are the
// letters of the root. The first pattern has as many letters.
func (w *way) refill(letters []rune) (string, bool) {
	var root [5]rune
	for i, p := range w.from {
		switch {
		case p >= '1' && p <= '4':
			if letters[i] == 'ا' || letters[i] == 'ه' && i == len(letters)-1 && w.bare {
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
	var written [2 * 8]byte
	b := written[:0]
	for _, p := range w.to {
		if p >= '1' && p <= '4' {
			p = root[p-'0']
		}
		b = utf8.AppendRune(b, p)
	}
	return string(b), true
}

// arabicStem returns the stem of a form.
func (t *tables) arabicStem(form string) string {
	stem := form[:t.arabicSuffix([]byte(form))]
	if singular, ok := t.arabicPlurals[stem]; ok {
		return singular
	}
	return stem
}

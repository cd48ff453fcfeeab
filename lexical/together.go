package lexical

import (
	"slices"
	"strings"
)

// Together is a sequence of words that a passage has or lacks. Its words are compared
// folded, with all their endings: "taxes" is not "tax". Stop words count. A word that is
// written in two ways at once (e-mail, classical spellings) is there in either way. The
// first word may have Arabic particles of one letter before it in the passage, if it has
// three letters or more: ل in لمنظمة الصحة, و in والأمم المتحدة. An English word may have 's
// behind it.
type Together struct{ words []place }

// place is what stands at one place of a text: one word, or several ways to write it.
type place []Term

// Together reads the words of a phrase.
func (a *Analyzer) Together(phrase string) Together { return Together{a.places(phrase)} }

// Words is how many words the sequence has. Without words, no passage has it.
func (t Together) Words() int { return len(t.words) }

// places divides a text into words. Words that share letters stand at one place.
func (a *Analyzer) places(text string) []place {
	terms := a.Words(text)
	var all []place
	end := -1
	for i := range terms {
		if len(all) > 0 && terms[i].Span.Start < end {
			last := &all[len(all)-1]
			*last = append(*last, terms[i])
		} else {
			all = append(all, terms[i:i+1:i+1])
		}
		end = max(end, terms[i].Span.End)
	}
	return all
}

// Divided is a text that was divided into words, to look for several sequences.
type Divided struct{ words []place }

// Divide divides a text into words.
func (a *Analyzer) Divide(text string) Divided { return Divided{a.places(text)} }

// In reports whether a text has the words, one directly after another.
func (t Together) In(a *Analyzer, text string) bool { return t.Among(a, a.Divide(text)) }

// Among is In for a text that is already divided.
func (t Together) Among(a *Analyzer, text Divided) bool {
	if len(t.words) == 0 {
		return false
	}
	for i := 0; i+len(t.words) <= len(text.words); i++ {
		if t.at(a, text.words[i:]) {
			return true
		}
	}
	return false
}

// at reports whether a text begins with the words.
func (t Together) at(a *Analyzer, held []place) bool {
	for i, wanted := range t.words {
		if !wanted.is(a, held[i], i == 0) {
			return false
		}
	}
	return true
}

func (p place) is(a *Analyzer, held place, first bool) bool {
	return slices.ContainsFunc(p, func(wanted Term) bool {
		return slices.ContainsFunc(held, func(h Term) bool {
			return wanted.Word == h.Word || (first || h.Script != Arabic) && a.attached(&wanted, &h)
		})
	})
}

// leastAttached is how many bytes a word has at least that is found behind particles.
const leastAttached = 3 * letter

// surelyRead is the weight of a reading from which on it counts here. Less certain ones
// are of words that are known to begin with the letter themselves.
const surelyRead = 0.4

// attached reports whether a word of a passage is the wanted one with particles before it.
func (a *Analyzer) attached(wanted, held *Term) bool {
	if held.Script != wanted.Script || len(held.Word) < len(wanted.Word) {
		return false
	}
	if held.Script != Arabic {
		return held.Word == wanted.Word+"'s" && held.Stem == wanted.Stem
	}
	if len(wanted.Word) < leastAttached {
		return false
	}
	behind := without(held.Word, "و", "ف")
	for _, rest := range []string{held.Word, behind} {
		if rest == wanted.Word || without(rest, "ب", "ك", "ل") == wanted.Word {
			return a.reads(held, wanted, surelyRead)
		}
		if strings.HasPrefix(rest, "لل") && "ال"+rest[2*letter:] == wanted.Word { // لل is ل and ال
			return a.reads(held, wanted, 0)
		}
	}
	return false
}

// without removes one of the letters from the beginning of a word.
func without(word string, letters ...string) string {
	for _, l := range letters {
		if strings.HasPrefix(word, l) {
			return word[letter:]
		}
	}
	return word
}

// reads reports whether a reading of a word, of that weight at least, is the form of the
// other.
func (a *Analyzer) reads(held, wanted *Term, least float32) bool {
	form := a.Form(*wanted)
	readings, n := a.tables.readings([]byte(held.Word))
	return slices.ContainsFunc(readings[:n], func(r reading) bool { return r.weight >= least && held.Word[r.lo:] == form })
}

// Dimensions returns what every passage with the words has in its sparse vector: for each
// place one of the dimensions. Stop words are left out if there are other words, because
// they are in nearly every passage.
func (t Together) Dimensions(a *Analyzer) [][]uint32 {
	var all, stops [][]uint32
	for _, p := range t.words {
		var dimensions []uint32
		stop := false
		for i := range p {
			stop = a.stops(&p[i]) || stop
			dimensions = a.mayHave(dimensions, &p[i])
		}
		slices.Sort(dimensions)
		dimensions = slices.Compact(dimensions)
		if stop {
			stops = append(stops, dimensions)
		} else {
			all = append(all, dimensions)
		}
	}
	if len(all) == 0 {
		return stops
	}
	return all
}

// stops reports whether a word is a stop word in any spelling.
func (a *Analyzer) stops(t *Term) bool {
	return t.Stop || a.tables.englishStop[t.Word] || t.Script == Arabic && a.tables.stopArabic(t.Word)
}

// mayHave appends the dimensions of which a passage with the word has one. What a stop word
// is depends on the capitals around it: WHO and US are others than who and us.
func (a *Analyzer) mayHave(dst []uint32, t *Term) []uint32 {
	if t.Script == Arabic {
		dst = append(dst, FormHash(a.Form(*t)))
	} else {
		dst = append(dst, Hash(t.Stem))
	}
	if a.stops(t) {
		dst = append(dst, FormHash(t.Word))
		if t.Script == Latin {
			dst = append(dst, Hash(string(stemEnglish(nil, []byte(t.Word)))), Hash("usa"))
		}
	}
	return dst
}

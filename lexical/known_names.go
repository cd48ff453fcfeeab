package lexical

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// The lexicon says of a word whether it is a name: a name is written in the other script as it sounds (Paris, باريس), and
// other words are translated (tower, برج). Lists have the countries with other names (Germany, ألمانيا), and words with a
// capital that are no names.

// knownNames are the words of the lists.
type knownNames struct {
	countries map[string][]string // the stems of all words of a country, by its names
	others    map[string]bool     // stems of words that are no names
}

func newKnownNames(a *Analyzer) knownNames {
	k := knownNames{map[string][]string{}, map[string]bool{}}
	for _, line := range a.folds.lines("countries.txt") {
		stems := make([]string, len(line))
		for i, word := range line {
			stems[i] = a.Stem(word)
		}
		for i, word := range line {
			if i == 0 || word[0] >= utf8.RuneSelf {
				k.countries[word] = stems
			} else {
				k.others[stems[i]] = true
			}
		}
	}
	for _, line := range a.folds.lines("no-names.txt") {
		for _, word := range line {
			k.others[a.Stem(word)] = true
		}
	}
	return k
}

// A word with a capital is a name if the translations that do not sound like it have together at most capitalShare of the
// weight of those that do. Another word is one if they have at most onlyShare. Translations with less than leastShare of the
// best one's weight do not count.
const (
	capitalShare = 0.8
	onlyShare    = 0.35
	leastShare   = 0.1
)

// knownAs reports whether the lexicon or a list has the word, and whether it has it as a name. most is capitalShare or onlyShare.
func (x *Expander) knownAs(w *Term, most float64) (known, name bool) {
	bare := bareWord(x.analyzer, w)
	switch {
	case x.names.countries[bare] != nil:
		return true, true
	case x.names.others[w.Stem]:
		return true, false
	}
	keys, source := skeletons(nil, bare, w.Script), x.source(*w).String()
	known, name = x.translatedAs(source, keys, w.Script, most)
	if name && source != w.Stem { // the stem may be that of another word
		listed, same := x.translatedAs(w.Stem, keys, w.Script, most)
		name = same || !listed
	}
	return known, name
}

// Words of two consonants sound alike by chance. Those without a capital are names only if their best translation has the weight
// surelyTranslated.
const surelyTranslated = 0.5

// translatedAs says what the translations of a source are. keys are the word's skeletons.
func (x *Expander) translatedAs(source string, keys []string, script Script, most float64) (known, name bool) {
	var best, sounding, others float64
	x.lexicon.Translations(source, func(target string, weight float64) bool {
		best = max(best, weight)
		if weight < leastShare*best {
			return false
		}
		if anyPair(keys, skeletons(nil, target, scriptOfSounds(script)), isTransliterated) {
			sounding += weight
			return true
		}
		others += weight
		return sounding > 0 || most == capitalShare // a best translation that does not sound like the word decides
	})
	certain := most == capitalShare || best >= surelyTranslated || slices.ContainsFunc(keys, func(k string) bool { return len(k) > minSoundKey })
	return best > 0, certain && sounding > 0 && others <= most*sounding
}

// isTransliterated reports whether a translation sounds like a word. The lexicon has stems, which lack the endings of words, and
// some of them a first letter that looks like a particle.
func isTransliterated(word, translation string) bool {
	if soundsLike(word, translation) || ends(word, translation, 2) {
		return true
	}
	return len(word) > minSoundKey && strings.IndexByte("BFKL", word[0]) >= 0 && ends(word[1:], translation, 1)
}

// ends reports whether two skeletons are equal apart from an ending: of at most so many letters that endings have, or of any
// three if the rest is long.
func ends(a, b string, most int) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	rest, ok := strings.CutPrefix(b, a)
	return ok && (len(rest) <= most && strings.Trim(rest, "TNSC") == "" || len(a) > minSoundKey && len(rest) <= 3)
}

package lexical

import "unicode/utf8"

// soundWeight returns the weight of the word's sound, or 0 if it is not searched. A
// word whose translations are uncertain, or not in the index, may be a name that is
// in the lexicon by chance.
func (x *Expander) soundWeight(term Term, word *candidates, sure float64) float64 {
	if !audible(term) {
		return 0
	}
	switch {
	case x.lexicon != nil && !word.listed:
		return x.options.Unknown
	case term.Capital, sure < sureTranslation && x.lexicon != nil: // without a lexicon only a capital marks a name
		return x.options.Name
	}
	return 0
}

// audible reports whether a word is long enough to be searched by its sound.
func audible(term Term) bool { return utf8.RuneCountInString(term.Word) >= minSoundAsked }

// sureTranslation is the weight in the lexicon from which on a translation in the
// index counts as certain.
const sureTranslation = 0.2

// A sound belongs to common words if it is in more than the share commonSound of the
// passages, and in more than commonSounds passages. Half and twice of commonSound give
// the same figures within .002 (docs/decisions/002-lexicon.md).
const (
	commonSound  = 0.02
	commonSounds = 5
)

// scriptOfSounds is the other script, in which a word of this one is searched by its sound.
func scriptOfSounds(s Script) Script {
	if s == Arabic {
		return Latin
	}
	return Arabic
}

// sounds lists the skeletons of the word that the index contains in words of a script. A
// common one has a proportionally lower weight, because a name with two or three
// consonants sounds like some everyday word.
func (x *Expander) sounds(term Term, script Script, probability float64, v Frequencies) []form {
	common := max(commonSound*float64(v.Passages()), commonSounds)
	keys := skeletons(nil, term.Word, term.Script)
	dimensions, counts := make([]uint32, len(keys)), make([]int, len(keys))
	for i, key := range keys {
		dimensions[i] = SoundHash(script, key)
	}
	FrequenciesOf(v, dimensions, counts)
	var all []form
	for i, n := range counts {
		if n > 0 && (script != term.Script || unmistakable(keys[i])) {
			likely := probability * min(1, common/float64(n))
			certainty := soundCertainty[min(len(keys[i]), len(soundCertainty)-1)]
			if script == term.Script {
				certainty *= sameScript
			}
			all = append(all, form{
				stem: keys[i], dimension: dimensions[i], probability: likely, frequency: n, sound: true, certainty: certainty,
			})
		}
	}
	return all
}

// unmistakable reports whether a skeleton can be searched in the word's own script. One of two consonants
// is that of too many words. One with m or n in front has the dimension that one with n or m has in the
// other script, because the seeds of the two scripts differ in the same bits.
func unmistakable(key string) bool {
	return len(key) > minSoundKey && key[0] != 'M' && key[0] != 'N'
}

// soundCoverage is the weight in coverage of a word that matches only by its sound,
// because skeletons also match by chance.
const soundCoverage = 0.5

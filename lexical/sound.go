package lexical

import (
	"strings"
	"unicode/utf8"
)

// Sound keys carry names across scripts: no dictionary holds them all. A word
// is reduced to the skeleton of its consonants, with one letter for all that
// the two scripts can't tell apart (b p ب are B; t d th ت ط د ض ث ذ ظ are T),
// vowels and weak letters out, after Soundex (Russell, 1918) and its kin. The
// skeletons of a passage are sparse dimensions of their own, each script in a
// namespace of its own: a question asks for those of the other script only, so
// words of one script are matched by stems alone.

// soundSeeds keep the scripts' skeletons apart from each other and from stems.
var soundSeeds = map[Script]uint64{Arabic: fnvBasis ^ 0xa5a5_0001, Latin: fnvBasis ^ 0xa5a5_0002}

// SoundHash is the sparse dimension of a skeleton in words of the script.
func SoundHash(s Script, skeleton string) uint32 { return mix(fnv(soundSeeds[s], skeleton)) }

// Sound bounds.
const (
	minSoundKey   = 2  // letters of a skeleton; one says nothing
	maxSoundKey   = 12 // and longer ones are no names
	minSoundAsked = 4  // letters of a question's word that asks by sound
)

// skeletons appends the skeletons of a normalised word: one, or several where
// the spelling leaves open how it sounds, or where an Arabic word may begin
// with a particle.
func skeletons(to []string, word string, script Script) []string {
	switch script {
	case Arabic:
		return arabicSkeletons(to, word)
	case Latin:
		return latinSkeletons(to, word)
	}
	return to
}

// arabicConsonants gives each Arabic letter its class; letters that are not
// here (ا و ي ه ح ع ء) are weak and drop.
var arabicConsonants = map[rune]byte{
	'ب': 'B', 'پ': 'B', 'ف': 'F', 'ڤ': 'F', 'ت': 'T', 'ط': 'T', 'د': 'T', 'ض': 'T', 'ث': 'T', 'ذ': 'T', 'ظ': 'T',
	'س': 'S', 'ص': 'S', 'ز': 'S', 'ش': 'C', 'چ': 'C', 'ك': 'K', 'ق': 'K', 'ج': 'K', 'غ': 'K', 'خ': 'K', 'گ': 'K',
	'ل': 'L', 'ر': 'R', 'م': 'M', 'ن': 'N',
}

func arabicSkeletons(to []string, word string) []string {
	to = appendSkeleton(to, arabicSkeleton(word))
	rest := word
	if r, size := utf8.DecodeRuneInString(rest); strings.ContainsRune("وبلفك", r) && utf8.RuneCountInString(rest) > 4 {
		rest = rest[size:]
		to = appendSkeleton(to, arabicSkeleton(rest))
	}
	if name, ok := strings.CutPrefix(rest, "ال"); ok && utf8.RuneCountInString(name) > 2 {
		to = appendSkeleton(to, arabicSkeleton(name))
	}
	return to
}

func arabicSkeleton(word string) string {
	var b [maxSoundKey + 1]byte
	n := 0
	var before rune
	for _, r := range word {
		c, strong := arabicConsonants[r]
		if strong && r != before && n < len(b) {
			b[n] = c
			n++
		}
		before = r
	}
	return string(b[:n])
}

func appendSkeleton(to []string, key string) []string {
	if len(key) < minSoundKey || len(key) > maxSoundKey {
		return to
	}
	for _, held := range to {
		if held == key {
			return to
		}
	}
	return append(to, key)
}

// sound is a Latin spelling with the classes that it may stand for.
type sound struct {
	spelling string
	classes  []string
}

// latinSounds are tried in order at each place of a word; single letters stand
// behind the groups that begin with them.
var latinSounds = []sound{
	{"tsch", []string{"TC", "C"}},
	{"sch", []string{"C", "SK"}},
	{"tch", []string{"TC", "C"}},
	{"sci", []string{"C", "S"}},
	{"ch", []string{"TC", "C", "K"}},
	{"sh", []string{"C"}},
	{"ph", []string{"F"}},
	{"th", []string{"T"}},
	{"kh", []string{"K"}},
	{"gh", []string{"K", ""}},
	{"dh", []string{"T"}},
	{"zh", []string{"C", "K"}},
	{"ck", []string{"K"}},
	{"cz", []string{"TC", "C"}},
	{"tz", []string{"TS"}},
	{"ts", []string{"TS"}},
	{"dj", []string{"K"}},
	{"dt", []string{"T"}},
	{"qu", []string{"K"}},
	{"cq", []string{"K"}},
	{"gn", []string{"N", "KN"}},
	{"ce", []string{"S"}},
	{"ci", []string{"S"}},
	{"cy", []string{"S"}},
	{"x", []string{"KS"}},
	{"b", []string{"B"}},
	{"p", []string{"B"}},
	{"f", []string{"F"}},
	{"v", []string{"F"}},
	{"t", []string{"T"}},
	{"d", []string{"T"}},
	{"s", []string{"S"}},
	{"z", []string{"S"}},
	{"c", []string{"K"}},
	{"k", []string{"K"}},
	{"q", []string{"K"}},
	{"g", []string{"K"}},
	{"j", []string{"K"}},
	{"l", []string{"L"}},
	{"r", []string{"R"}},
	{"m", []string{"M"}},
	{"n", []string{"N"}},
}

// maxVariants bounds the ways in which one spelling is read.
const maxVariants = 6

func latinSkeletons(to []string, word string) []string {
	if len(word) > 4*maxSoundKey {
		return to
	}
	variants := []string{""}
	before := ""
	for at := 0; at < len(word); {
		s, ok := latinSound(word[at:])
		if !ok {
			_, size := utf8.DecodeRuneInString(word[at:])
			at += size
			before = ""
			continue
		}
		// A vowel that a spelling took along is no part of what comes next.
		size := len(s.spelling)
		if s.spelling[0] == 'c' && size == 2 && strings.Contains("eiy", s.spelling[1:]) {
			size = 1
		}
		if s.spelling != before {
			variants = extend(variants, s.classes)
		}
		before = s.spelling
		at += size
	}
	for _, v := range variants {
		to = appendSkeleton(to, v)
	}
	return to
}

func latinSound(rest string) (sound, bool) {
	for _, s := range latinSounds {
		if strings.HasPrefix(rest, s.spelling) {
			return s, true
		}
	}
	return sound{}, false
}

func extend(variants, classes []string) []string {
	var longer []string
	for _, c := range classes {
		for _, v := range variants {
			if len(longer) < maxVariants {
				longer = append(longer, v+c)
			}
		}
	}
	return longer
}

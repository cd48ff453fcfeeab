package lexical

import (
	"strings"
	"unicode/utf8"
)

// Sound keys match names across scripts, because no dictionary has them all. A word
// is reduced to its consonants, with one letter for all sounds that the other
// script cannot distinguish (b p ب are B; t d th ت ط د ض ث ذ ظ are T). Vowels and
// weak letters are left out, as in Soundex (Russell, 1918). The keys of a passage
// are sparse dimensions of their own, with one namespace for each script. A question
// asks for those of the other script. Words of one script match by stems, and an Arabic word
// that the index does not contain also by its sound.

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
		return latinSkeletons(to, word, maxVariants)
	}
	return to
}

// Skeletons returns the skeletons of a normalised word, in letters that both scripts
// share; it is empty if the word has fewer than two consonants.
func Skeletons(word string, script Script) []string { return skeletons(nil, word, script) }

// arabicConsonants gives each Arabic letter its class; letters that are not
// here (ا و ي ه ح ع ء) are weak and drop.
var arabicConsonants = map[rune]byte{
	'ب': 'B', 'پ': 'B', 'ف': 'F', 'ڤ': 'F', 'ت': 'T', 'ط': 'T', 'د': 'T', 'ض': 'T', 'ث': 'T', 'ذ': 'T', 'ظ': 'T',
	'س': 'S', 'ص': 'S', 'ز': 'S', 'ش': 'C', 'چ': 'C', 'ك': 'K', 'ق': 'K', 'ج': 'K', 'غ': 'K', 'خ': 'K', 'گ': 'K',
	'ل': 'L', 'ر': 'R', 'م': 'M', 'ن': 'N',
}

// arabicClasses has them by their distance from U+0600.
var arabicClasses = func() (classes [256]byte) {
	for r, c := range arabicConsonants {
		classes[r-0x600] = c
	}
	return classes
}()

func arabicSkeletons(to []string, word string) []string {
	to = appendArabic(to, word)
	rest := word
	if r, size := utf8.DecodeRuneInString(rest); (r == 'و' || r == 'ب' || r == 'ل' || r == 'ف' || r == 'ك') && utf8.RuneCountInString(rest) > 4 {
		rest = rest[size:]
		to = appendArabic(to, rest)
	}
	if name, ok := strings.CutPrefix(rest, "ال"); ok && utf8.RuneCountInString(name) > 2 {
		to = appendArabic(to, name)
	}
	return to
}

// appendArabic appends the skeleton of a word, and that of its other reading
// where it has a letter that is a t to some and an s or z to others: محفوظ.
func appendArabic(to []string, word string) []string {
	key, lisped := arabicSkeleton(word, 'T')
	if len(key) < minSoundKey {
		return appendSkeleton(to, breathed(key, word, "هح"))
	}
	to = appendSkeleton(to, key)
	if lisped {
		key, _ = arabicSkeleton(word, 'S')
		to = appendSkeleton(to, key)
	}
	return to
}

// breathed is the skeleton of a short word with the h that it holds: Hanoi,
// Wuhan and Hugo would be one letter.
func breathed(key, word, letters string) string {
	at := strings.IndexAny(word, letters)
	if at < 0 || key == "" {
		return key
	}
	if at < len(word)/2 {
		return "H" + key
	}
	return key + "H"
}

// arabicSkeleton is the skeleton of a word with one letter for ظ, ذ and ث; lisped: it has
// one of these.
func arabicSkeleton(word string, lisp byte) (key string, lisped bool) {
	var b [maxSoundKey + 1]byte
	n := 0
	var before rune
	for _, r := range word {
		c := byte(0)
		if r >= 0x600 && r < 0x700 {
			c = arabicClasses[r-0x600]
		}
		if r == 'ظ' || r == 'ذ' || r == 'ث' {
			c, lisped = lisp, true
		}
		if c != 0 && r != before && n < len(b) {
			b[n] = c
			n++
		}
		before = r
	}
	return string(b[:n]), lisped
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

// sound is a Latin spelling with the classes that it may have.
type sound struct {
	spelling string
	classes  []string
}

// latinSounds are tried in order at each place of a word, those of its first letter; single
// letters come after the groups that begin with them.
var latinSounds = [utf8.RuneSelf][]sound{
	'b': {{"b", []string{"B"}}},
	'c': {
		{"cci", []string{"TC", "KS"}},
		{"ch", []string{"TC", "C", "K"}},
		{"ck", []string{"K"}},
		{"cz", []string{"TC", "C"}},
		{"cq", []string{"K"}},
		{"ce", []string{"S", "TC"}},
		{"ci", []string{"S", "TC", "C"}},
		{"cy", []string{"S"}},
		{"c", []string{"K"}},
	},
	'd': {
		{"dh", []string{"T"}}, {"dj", []string{"K", "T"}}, {"dt", []string{"T"}}, {"d", []string{"T"}},
	},
	'f': {{"f", []string{"F"}}},
	'g': {{"gh", []string{"K", ""}}, {"gn", []string{"N", "KN"}}, {"g", []string{"K"}}},
	'h': {{"h", []string{"", "K"}}},
	'j': {{"j", []string{"K", ""}}},
	'k': {{"kh", []string{"K"}}, {"k", []string{"K"}}},
	'l': {{"l", []string{"L"}}},
	'm': {{"m", []string{"M"}}},
	'n': {{"ng", []string{"NK", "N"}}, {"n", []string{"N"}}},
	'p': {{"ph", []string{"F"}}, {"p", []string{"B"}}},
	'q': {{"qu", []string{"K"}}, {"q", []string{"K", "TC"}}},
	'r': {{"r", []string{"R"}}},
	's': {
		{"shch", []string{"TC", "CTC", "C"}},
		{"sch", []string{"C", "SK"}},
		{"skj", []string{"C", "SK"}},
		{"sci", []string{"C", "S"}},
		{"sh", []string{"C"}},
		{"st", []string{"ST", "CT"}},
		{"sp", []string{"SB", "CB"}},
		{"s", []string{"S"}},
	},
	't': {
		{"tzsch", []string{"TC"}},
		{"tsch", []string{"TC", "C"}},
		{"tch", []string{"TC", "C"}},
		{"th", []string{"T"}},
		{"tz", []string{"TS"}},
		{"ts", []string{"TS"}},
		{"t", []string{"T"}},
	},
	'v': {{"v", []string{"F"}}},
	'w': {{"w", []string{"", "F"}}},
	'x': {{"x", []string{"KS", "C"}}},
	'z': {{"zh", []string{"TC", "C", "K"}}, {"z", []string{"S", "TS"}}},
}

// Sounds at the end of a word: Slavic c, Turkish and Portuguese s, and letters
// that are silent in French.
var latinEnds = map[byte][]string{
	'c': {"K", "TC"}, 's': {"S", "C", ""}, 't': {"T", ""}, 'd': {"T", ""}, 'z': {"S", "TS", ""}, 'x': {"KS", ""}, 'g': {"K", ""},
}

// maxVariants bounds the ways in which one spelling is read.
const maxVariants = 12

func latinSkeletons(to []string, word string, most int) []string {
	if len(word) > 4*maxSoundKey {
		return to
	}
	var memory [2][maxVariants]soundKey
	variants, spare := memory[0][:1], memory[1][:0]
	before := ""
	for at := 0; at < len(word); {
		s := latinSound(word[at:])
		if s == nil {
			_, size := utf8.DecodeRuneInString(word[at:])
			at += size
			before = ""
			continue
		}
		// A vowel that a spelling took along is not part of what comes next.
		size := len(s.spelling)
		if s.spelling[0] == 'c' && size == 2 && strings.Contains("eiy", s.spelling[1:]) {
			size = 1
		}
		classes := s.classes
		if at == len(word)-1 && at > 2 {
			if ends, ok := latinEnds[s.spelling[0]]; ok {
				classes = ends
			}
		}
		if s.spelling != before {
			variants, spare = extend(spare[:0], variants, classes, most), variants
		}
		before = s.spelling
		at += size
	}
	for i := range variants {
		v := &variants[i]
		switch {
		case v.length < minSoundKey:
			to = appendSkeleton(to, breathed(v.text(), word, "h"))
		case v.length <= maxSoundKey:
			to = appendSkeleton(to, v.text())
		}
	}
	return to
}

// soundKey is a skeleton that is being made. What is longer than maxSoundKey is counted
// only.
type soundKey struct {
	letters [maxSoundKey]byte
	length  int
}

func (k *soundKey) text() string { return string(k.letters[:k.length]) }

// latinSound returns the first of latinSounds that rest begins with; nil: there is none.
func latinSound(rest string) *sound {
	if rest[0] >= utf8.RuneSelf {
		return nil
	}
	for i := range latinSounds[rest[0]] {
		if s := &latinSounds[rest[0]][i]; strings.HasPrefix(rest, s.spelling) {
			return s
		}
	}
	return nil
}

// extend appends each variant with each class to dst, at most most of them.
func extend(dst, variants []soundKey, classes []string, most int) []soundKey {
	for _, c := range classes {
		for i := range variants {
			if len(dst) < most {
				longer := variants[i]
				if longer.length < maxSoundKey {
					copy(longer.letters[longer.length:], c)
				}
				longer.length += len(c)
				dst = append(dst, longer)
			}
		}
	}
	return dst
}

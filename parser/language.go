package parser

import (
	"slices"
	"strings"
	"unicode"

	"dalil/parser/format"

	bcp47 "golang.org/x/text/language"
)

// sampleBytes is how much of a text is read to find its language.
const sampleBytes = 1 << 14

// Letters that show a text's script, and its language.
const (
	leastLetters   = 8
	leastOverruled = 20 // to contradict what a page declares
)

// language detects the language of a text: by its script, then by letters that
// only some languages have, then by common words. It returns a BCP 47 primary
// subtag, or "" where the text says too little.
func language(text string) string {
	s := sampleOf(text)
	defer s.done()
	if s.letters < leastLetters || s.script == "" || s.in*2 < s.letters {
		if s.kana > 0 && s.in*2 >= s.letters {
			return "ja"
		}
		return ""
	}
	return s.language()
}

// sample is the beginning of a text and what it is written in. Whoever has no more need of
// it calls done.
type sample struct {
	text    string
	tally   *tally
	letters int
	script  string // the commonest: a name of unicode.Scripts; "" without letters
	in      int    // letters of it
	kana    int
	counts  [maxScripts]int // letters by script
}

// maxScripts is at least the number of scripts.
const maxScripts = 32

func sampleOf(text string) sample {
	s := sample{text: text[:min(len(text), sampleBytes)]}
	var valid bool
	if s.tally, valid = tallyOf(s.text); !valid { // a text has few different letters
		s.tally.done()
		s.text = strings.ToValidUTF8(s.text, "")
		s.tally, _ = tallyOf(s.text)
	}
	for _, r := range s.tally.seen {
		s.add(r, int(s.tally.low[r]))
	}
	for _, r := range s.tally.high {
		s.add(r, 1)
	}
	s.kana = s.count("Hiragana") + s.count("Katakana")
	for i, script := range scripts {
		if script.name == "Han" && s.kana > 0 {
			s.counts[i] += s.kana
		}
		if n := s.counts[i]; n > s.in {
			s.script, s.in = script.name, n
		}
	}
	return s
}

func (s *sample) done() { s.tally.done() }

// count is how many letters of a script there are.
func (s *sample) count(script string) int {
	for i := range scripts {
		if scripts[i].name == script {
			return s.counts[i]
		}
	}
	return 0
}

// add counts a character n times.
func (s *sample) add(r rune, n int) {
	if !is(r, letterKind) {
		return
	}
	s.letters += n
	if i := scriptIndex(r); i >= 0 {
		s.counts[i] += n
	}
}

// scriptIndex is the place of a character's script in scripts, or -1.
func scriptIndex(r rune) int {
	if r < tallied {
		return int(lowScripts[r])
	}
	return slices.IndexFunc(scripts, func(s script) bool { return unicode.Is(s.table, r) })
}

// lowScripts are the scripts of the characters below tallied.
var lowScripts = func() (low [tallied]int8) {
	for r := range rune(tallied) {
		low[r] = int8(slices.IndexFunc(scripts, func(s script) bool { return unicode.Is(s.table, r) }))
	}
	return low
}()

// language is the language of a sample whose script is known.
func (s *sample) language() string {
	switch s.script {
	case "Latin":
		return byLatin(s.text)
	case "Arabic":
		return byArabic(s.text, s.tally)
	case "Cyrillic":
		return byCyrillic(s.text)
	case "Devanagari":
		return byWordsOf(s.text, devanagari)
	case "Han":
		if s.kana*10 > s.in {
			return "ja"
		}
		return "zh"
	case "Hebrew":
		if strings.ContainsAny(s.text, "װױײ") {
			return "yi"
		}
		return "he"
	}
	for _, script := range scripts {
		if script.name == s.script {
			return script.language
		}
	}
	return ""
}

type script struct {
	name     string
	table    *unicode.RangeTable
	language string
}

// scripts are the scripts that are distinguished, with the language of those that
// have one.
var scripts = []script{
	{"Latin", unicode.Latin, ""},
	{"Arabic", unicode.Arabic, ""},
	{"Cyrillic", unicode.Cyrillic, ""},
	{"Han", unicode.Han, ""},
	{"Hiragana", unicode.Hiragana, "ja"},
	{"Katakana", unicode.Katakana, "ja"},
	{"Hangul", unicode.Hangul, "ko"},
	{"Hebrew", unicode.Hebrew, "he"},
	{"Greek", unicode.Greek, "el"},
	{"Devanagari", unicode.Devanagari, ""},
	{"Thai", unicode.Thai, "th"},
	{"Bengali", unicode.Bengali, "bn"},
	{"Tamil", unicode.Tamil, "ta"},
	{"Telugu", unicode.Telugu, "te"},
	{"Kannada", unicode.Kannada, "kn"},
	{"Malayalam", unicode.Malayalam, "ml"},
	{"Gujarati", unicode.Gujarati, "gu"},
	{"Gurmukhi", unicode.Gurmukhi, "pa"},
	{"Sinhala", unicode.Sinhala, "si"},
	{"Georgian", unicode.Georgian, "ka"},
	{"Armenian", unicode.Armenian, "hy"},
	{"Ethiopic", unicode.Ethiopic, "am"},
	{"Khmer", unicode.Khmer, "km"},
	{"Lao", unicode.Lao, "lo"},
	{"Myanmar", unicode.Myanmar, "my"},
	{"Tibetan", unicode.Tibetan, "bo"},
	{"Thaana", unicode.Thaana, "dv"},
}

// scriptOf says in which of the scripts a language is written; "" for a language
// that is not listed.
func scriptOf(language string) string {
	for script, languages := range languagesOf {
		for l := range strings.FieldsSeq(languages) {
			if l == language {
				return script
			}
		}
	}
	return ""
}

// languagesOf are languages that are written in one script, by script. Those with
// several (Serbian, Kurdish, Uzbek, Punjabi and others) are left out.
var languagesOf = map[string]string{
	"Latin":      "en fr de es it pt nl sv da no nb nn fi is et lv lt pl cs sk sl hr hu ro sq ca gl eu cy ga mt tr vi id sw so ha yo ig zu xh af tl fil la",
	"Arabic":     "ar fa ur ps ug arz ckb",
	"Cyrillic":   "ru uk be bg mk",
	"Han":        "zh ja",
	"Hangul":     "ko",
	"Hebrew":     "he iw yi",
	"Greek":      "el",
	"Devanagari": "hi mr ne",
	"Thai":       "th", "Bengali": "bn as", "Tamil": "ta", "Telugu": "te", "Kannada": "kn", "Malayalam": "ml", "Gujarati": "gu", "Sinhala": "si",
	"Georgian": "ka", "Armenian": "hy", "Ethiopic": "am ti", "Khmer": "km", "Lao": "lo", "Myanmar": "my", "Tibetan": "bo",
}

// checkedLanguage is the language that a text declares of itself, unless its script
// contradicts that, and then what the text itself shows.
func checkedLanguage(in *format.Input, declared, text string) string {
	tag := primary(declared)
	if _, err := bcp47.Parse(declared); tag != "" && err != nil {
		in.Warn("the declared language %.40q is not a language tag and was ignored", declared)
		return ""
	}
	if tag == "" || strings.Contains(declared, "-Latn") || strings.Contains(declared, "-latn") {
		return tag
	}
	want := scriptOf(tag)
	s := sampleOf(text)
	defer s.done()
	if tag == "zh" && s.letters >= leastOverruled && s.kana*5 > s.letters {
		in.Warn("the declared language zh is not written in the script of the text and was ignored")
		return "ja"
	}
	if want == "" || s.letters < leastOverruled || s.script == "" || s.count(want)*10 > s.letters || s.in*10 < s.letters*7 {
		return tag
	}
	in.Warn("the declared language %s is not written in the script of the text and was ignored", tag)
	return language(text)
}

// primary is the primary subtag of a language tag, lower case: "ar" of "ar-EG".
func primary(tag string) string {
	tag, _, _ = strings.Cut(strings.ReplaceAll(strings.TrimSpace(tag), "_", "-"), "-")
	if len(tag) < 2 || len(tag) > 8 {
		return ""
	}
	for _, r := range tag {
		if r > unicode.MaxASCII || !unicode.IsLetter(r) {
			return ""
		}
	}
	return strings.ToLower(tag)
}

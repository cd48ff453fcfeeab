package parser

import (
	"strings"
	"unicode"
)

// sampleBytes is how much of a text its language is told from.
const sampleBytes = 1 << 14

// language tells the language by script and, where several share one, by
// letters and the commonest words. It returns a BCP 47 primary subtag, or ""
// where the text says too little.
func language(text string) string {
	sample := text[:min(len(text), sampleBytes)]
	counts := map[*unicode.RangeTable]int{}
	letters := 0
	for _, r := range sample {
		if !unicode.IsLetter(r) {
			continue
		}
		letters++
		for _, s := range scripts {
			if unicode.Is(s.table, r) {
				counts[s.table]++
				break
			}
		}
	}
	best := scripts[0]
	for _, s := range scripts {
		if counts[s.table] > counts[best.table] {
			best = s
		}
	}
	if letters < 8 || counts[best.table]*2 < letters {
		if counts[unicode.Hiragana]+counts[unicode.Katakana] > 0 {
			return "ja"
		}
		return ""
	}
	return best.tell(sample, counts)
}

type script struct {
	table *unicode.RangeTable
	tell  func(sample string, counts map[*unicode.RangeTable]int) string
}

func always(tag string) func(string, map[*unicode.RangeTable]int) string {
	return func(string, map[*unicode.RangeTable]int) string { return tag }
}

var scripts = []script{
	{unicode.Latin, func(sample string, _ map[*unicode.RangeTable]int) string { return byWords(sample) }},
	{unicode.Arabic, func(sample string, _ map[*unicode.RangeTable]int) string { return byArabicLetters(sample) }},
	{unicode.Han, func(_ string, counts map[*unicode.RangeTable]int) string {
		if (counts[unicode.Hiragana]+counts[unicode.Katakana])*10 > counts[unicode.Han] {
			return "ja"
		}
		return "zh"
	}},
	{unicode.Hiragana, always("ja")},
	{unicode.Katakana, always("ja")},
	{unicode.Hangul, always("ko")},
	{unicode.Cyrillic, func(sample string, _ map[*unicode.RangeTable]int) string {
		if strings.ContainsAny(sample, "іїєґІЇЄҐ") {
			return "uk"
		}
		return "ru"
	}},
	{unicode.Hebrew, always("he")},
	{unicode.Greek, always("el")},
	{unicode.Devanagari, always("hi")},
	{unicode.Thai, always("th")},
}

// byArabicLetters tells Persian and Urdu by the letters that Arabic lacks.
func byArabicLetters(sample string) string {
	count := func(set string) int {
		n := 0
		for _, r := range sample {
			if strings.ContainsRune(set, r) {
				n++
			}
		}
		return n
	}
	foreign := count("پچژگیک")
	switch {
	case count("ٹڈڑےںھ")*50 > len([]rune(sample)):
		return "ur"
	case foreign*50 > len([]rune(sample)) && foreign > count("ةيىك"):
		return "fa"
	}
	return "ar"
}

// commonWords are words that stand in nearly every passage of a language and
// hardly in the others'.
var commonWords = map[string]string{
	"en": "the and of to in is that for with was are this from by have not which",
	"fr": "le la les et des une est dans pour que qui sur avec pas du au cette",
	"de": "der die und das ist von den mit für nicht auf ein eine dem sich auch",
	"es": "el los las y que una por con para del es como más pero esta fue",
	"it": "il di che gli della per una sono con non del nella anche questo è",
	"pt": "o os as não uma para com que do da em por mais são foi ao",
	"tr": "ve bir bu için ile de olarak olan daha çok gibi en ne kadar",
	"nl": "de het een van en dat niet zijn met voor op te aan ook",
	"id": "yang dan di dengan untuk dari ini itu tidak dalam pada adalah",
}

func byWords(sample string) string {
	seen := map[string]int{}
	words := 0
	for word := range strings.FieldsFuncSeq(strings.ToLower(sample), func(r rune) bool { return !unicode.IsLetter(r) }) {
		seen[word]++
		words++
	}
	best, most := "", 0
	for tag, list := range commonWords {
		n := 0
		for word := range strings.FieldsSeq(list) {
			n += seen[word]
		}
		if n > most || n == most && tag < best {
			best, most = tag, n
		}
	}
	if most*25 < words || most == 0 {
		return ""
	}
	return best
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

package parser

import "strings"

// letterSets are letters of one script that only some of its languages have.
type letterSets []struct{ tag, letters string }

// best is the language most of whose letters occur, if they are more than one in
// so many of all.
func (sets letterSets) best(t *tally, oneIn int) string {
	tag, most := "", 0
	for _, set := range sets {
		if n := t.count(set.letters); n > most {
			tag, most = set.tag, n
		}
	}
	if most*oneIn < t.letters {
		return ""
	}
	return tag
}

// arabicSets are the letters of languages that Persian letters alone do not distinguish.
// Letters that two of them share count for neither.
var arabicSets = letterSets{
	{"ur", "ٹڈڑےںھہ"},
	{"ps", "ښړږټډځڅۍڼګ"},
	{"ckb", "ێڕڵ"},
	{"ug", "ۇۈۋڭ"},
	{"ms", "ڠڽݢڤ"},
	{"sd", "ڄڃڏڙڦڳڱٺٻڀٽڪڌڍڊ"},
}

var (
	arabicWords  = "في من على إلى الى أن إن ان هذا هذه التي الذي عن مع كان كانت ما لا لم قد بعد قبل كل بين ذلك هو هي أو او ثم حتى عند لكن"
	persianWords = "در به از که این را است با برای آن می های شد بود یک خود تا کرد هم نیز دارد شده است اند باشد کند ما من او چه"
)

// What a word of arabicOrPersian is, as its number.
const (
	arabicWord = 1 << iota
	persianWord
)

// arabicOrPersian has the words of both lists.
var arabicOrPersian = func() *wordTable {
	t := new(wordTable)
	kinds := map[string]int{}
	for word := range strings.FieldsSeq(arabicWords) {
		kinds[word] |= arabicWord
	}
	for word := range strings.FieldsSeq(persianWords) {
		kinds[word] |= persianWord
	}
	for word, kind := range kinds {
		t.add(word, kind)
	}
	return t
}()

// byArabic distinguishes the languages of the Arabic script. Arabic typed on a Persian
// keyboard, with ی and ک, is Arabic still: the article and the small words say so.
// t is the tally of the text.
func byArabic(text string, t *tally) string {
	if tag := arabicSets.best(t, 40); tag != "" {
		if tag == "ug" || tag == "ckb" { // they share ە and ۆ
			if t.count("ێڕڵ") > t.count("ۇۈۋڭ") {
				return "ckb"
			}
			return "ug"
		}
		return tag
	}
	if n := t.count("ە"); n*12 > t.letters {
		return "ckb"
	}
	arabic, persian, articles := 0, 0, 0
	persianLetters := t.count("یک")
	inWord.each(text, func(word string, _ uint8) {
		kind, _ := arabicOrPersian.number(word)
		if kind&persianWord != 0 {
			persian++
		}
		if persianLetters > 0 {
			word = arabicLetters.Replace(word)
			kind, _ = arabicOrPersian.number(word)
		}
		if kind&arabicWord != 0 {
			arabic++
		}
		if hasArticle(word) {
			articles++
		}
	})
	foreign, own := t.count("پچژگ"), t.count("ةىأإؤئ")
	persian += foreign / 2
	arabic += articles + own/2
	switch {
	case arabic > 0 && arabic >= persian:
		return "ar"
	case persian > 2 && persian > 2*arabic || persian > 1 && arabic == 0:
		return "fa"
	case arabic == 0 && persian == 0 && persianLetters == 0:
		return "ar" // letters of every Arabic text and no other
	}
	return ""
}

// hasArticle reports a word that begins with the Arabic article, also behind a particle.
func hasArticle(word string) bool {
	if len(word) <= len("ال")+4 {
		return false
	}
	switch word[:len("ال")] {
	case "ال", "لل":
		return true
	}
	if len(word) <= len("وال")+4 || word[len("و"):len("وال")] != "ال" {
		return false
	}
	switch word[:len("و")] {
	case "و", "ب", "ك", "ف":
		return true
	}
	return false
}

// arabicLetters are what a Persian keyboard types for Arabic letters.
var arabicLetters = strings.NewReplacer("ی", "ي", "ک", "ك")

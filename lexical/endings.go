package lexical

// ending is an inflection that may follow the core of an Arabic word.
type ending struct {
	text   string
	gender gender
}

// gender is a group of endings. A word has endings of its own group, and may have those of others.
type gender uint8

const (
	masculine gender = iota // لاعب
	plural                  // in ات, of either: لاعبات, قرارات
	feminine                // لاعبة
	relative                // the adjective in ي: لبناني
	genders
)

// kinship is the probability that two forms with endings of different genders are
// the same word. They may be the same word, nearly the same, or different words
// (عمل, work, and عملة, currency).
var kinship = [genders][genders]float64{
	masculine: {masculine: 0.9, plural: 0.8, feminine: 0.45, relative: 0.5},
	plural:    {masculine: 0.8, plural: 0.9, feminine: 0.85, relative: 0.4},
	feminine:  {masculine: 0.45, plural: 0.85, feminine: 0.9, relative: 0.4},
	relative:  {masculine: 0.5, plural: 0.4, feminine: 0.4, relative: 0.9},
}

// arabicEndings are the endings with which a word of a question is searched, in
// normalised spelling: ة and the pronoun ه are both ه, ى is ي.
var arabicEndings = []ending{
	{"", masculine},
	{"ا", masculine},
	{"ان", masculine},
	{"ين", masculine},
	{"ون", masculine},
	{"وا", masculine},
	{"ها", masculine},
	{"هم", masculine},
	{"هما", masculine},
	{"نا", masculine},
	{"كم", masculine},
	{"ات", plural},
	{"اته", plural},
	{"اتها", plural},
	{"اتهم", plural},
	{"اتنا", plural},
	{"ه", feminine},
	{"تان", feminine},
	{"تين", feminine},
	{"ته", feminine},
	{"تها", feminine},
	{"تهم", feminine},
	{"تنا", feminine},
	{"ي", relative},
	{"يه", relative},
	{"يا", relative},
	{"يون", relative},
	{"يين", relative},
	{"يات", relative},
	{"وون", masculine}, // لاجئون, قارئون: the hamza of the core is written so
}

// core is a word without one of its endings.
type core struct {
	text   string
	gender gender
}

// maxCores is the largest number of cores of a word.
const maxCores = 5

// cores appends the word itself, and the word without each ending that it may have.
func cores(dst []core, word string) []core {
	dst = append(dst, core{word, masculine})
	for _, e := range arabicEndings[1:] {
		k := len(word) - len(e.text)
		if len(dst) == maxCores || k < 2*letter || k < 3*letter && len(e.text) == letter && e.text != "ه" || word[k:] != e.text {
			continue
		}
		c := core{word[:k], e.gender}
		if e.text == "وون" {
			c.text += "ي"
		}
		dst = append(dst, c)
	}
	return dst
}

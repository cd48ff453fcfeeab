package conversation

import (
	_ "embed"
	"math"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"dalil/lexical"
)

// The lists that `dalil-train words` makes.
var (
	//go:embed words/general.en.txt
	generalEnglish string
	//go:embed words/general.ar.txt
	generalArabic string
	//go:embed words/unfinished.ar.txt
	unfinishedArabic string
)

// wordLists are the lists as the gate uses them.
type wordLists struct {
	specific   map[string]float64 // how specific each general stem is, 0 to 1
	unfinished map[string]bool    // Arabic words that rarely end a clause
}

// builtIn reads the lists when the first gate is made.
var builtIn = sync.OnceValue(func() *wordLists {
	l := &wordLists{specific: map[string]float64{}, unfinished: set(unfinishedArabic)}
	for _, list := range []string{generalEnglish, generalArabic} {
		stems := strings.Fields(list)
		for i, stem := range stems {
			l.specific[stem] = math.Log(float64(i+1)) / math.Log(float64(len(stems)+1))
		}
	}
	return l
})

// specificity is how much a word tells of a subject: 0 for the most general word, 1 for one that is not in the list. It grows
// with the logarithm of the place in the list. A number tells nothing.
func (l *wordLists) specificity(w lexical.Term) float64 {
	if first, _ := utf8.DecodeRuneInString(w.Word); unicode.IsDigit(first) {
		return 0
	}
	if s, general := l.specific[w.Stem]; general {
		return s
	}
	return 1
}

// endsEarly reports whether an Arabic question ends with a word that needs another one behind it: "ما عدد؟". A noun that
// is counted, chosen, compared or explained needs none, nor does one behind هل: "كم نوع؟", "أي نوع؟", "ما أكبر عدد؟", "ما معنى تشخيص؟",
// "هل القمر عالم؟".
func (l *wordLists) endsEarly(words []lexical.Term) bool {
	n := len(words)
	if n < 2 || !l.unfinished[words[n-1].Word] {
		return false
	}
	before := words[n-2].Word
	if n == 3 && (words[0].Word == "من" || words[0].Word == "اين") && defines(words) { // "من هو عمر؟", "أين تقع كابل؟": a name, although عمر is also an age and كابل a cable
		return false
	}
	if selectors[before] || utf8.RuneCountInString(before) == superlative && strings.HasPrefix(before, "ا") {
		return false
	}
	return !slices.ContainsFunc(words, func(w lexical.Term) bool { return whether[w.Word] })
}

// superlative is the number of letters of most Arabic superlatives. The first one is أ, which the analyzer makes ا.
const superlative = 4

var (
	// selectors are how many, which, first, last, same, superlatives of three letters, and words before one that is explained.
	selectors = set("كم وكم فكم اي ايه واي باي لاي اول اولي اخر نفس اهم اقل اشد ادق معني تعريف كلمه ماذا")
	whether   = set("هل وهل فهل اليس")
)

package conversation

import (
	_ "embed"
	"math"
	"strings"
	"sync"
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
	specific   map[string]float64 // of the stems of all subjects: how much each tells, 0 to 1
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
// with the logarithm of the place in the list.
func (l *wordLists) specificity(w lexical.Term) float64 {
	if s, general := l.specific[w.Stem]; general {
		return s
	}
	return 1
}

// endsEarly reports whether an Arabic question ends with a word that needs another one behind it: "ما عاصمة؟". A noun that
// is counted, chosen or compared needs none: "كم مدينة؟", "أي مدينة؟", "ما أكبر مدينة؟".
func (l *wordLists) endsEarly(words []lexical.Term) bool {
	n := len(words)
	if n < 2 || !l.unfinished[words[n-1].Word] {
		return false
	}
	before := words[n-2].Word
	return !selectors[before] && !(utf8.RuneCountInString(before) == superlative && strings.HasPrefix(before, "ا"))
}

// superlative is the number of letters of an Arabic superlative, of which the first is أ.
const superlative = 4

var selectors = set("كم اي ايه اول اولي اخر") // how many, which, first, last

package lexical_test

import (
	"testing"

	"dalil/lexical"
)

// asking counts how often it is asked. How many passages have a dimension follows from its bits.
type asking struct{ times int }

func (a *asking) Frequency(dimension uint32) int {
	a.times++
	return int(dimension>>7) % 400
}

func (a *asking) Passages() int { return 1000 }

func TestRarityIsTheSameWithTheQuestion(t *testing.T) {
	lexicon, err := lexical.DefaultLexicon()
	if err != nil {
		t.Fatal(err)
	}
	x := lexical.NewExpander(lexical.NewAnalyzer(), lexicon, lexical.ExpandOptions{})
	for text, words := range map[string][]string{
		"poverty reduction in Yemen":     {"poverty", "reduction", "in", "Yemen", "poverties", "unrelated"},
		"الفقر في اليمن والأمم المتحدة":  {"الفقر", "في", "اليمن", "والأمم", "المتحدة", "فقر"},
		"who is the head of WHO and WTO": {"who", "WHO", "head", "WTO", "trade"},
		"what is it?":                    {"what", "is", "it"},
		"20 % of e-mail":                 {"20", "e", "mail", "e-mail"},
	} {
		v := &asking{}
		q := x.Question(text, v, false)
		for _, word := range words {
			if got, want := x.Rarity(word, v, &q), x.Rarity(word, v, nil); got != want {
				t.Errorf("%q of %q: rarity %v, alone %v", word, text, got, want)
			}
		}
	}
	v := &asking{}
	q := x.Question("poverty reduction", v, false)
	v.times = 0
	if x.Rarity("poverty", v, &q) == 0 || v.times != 0 {
		t.Errorf("the index is asked %d times for a word of the question, want 0", v.times)
	}
}

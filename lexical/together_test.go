package lexical_test

import (
	"slices"
	"strings"
	"testing"

	"dalil/lexical"
)

func TestTogether(t *testing.T) {
	a := lexical.NewAnalyzer()
	for _, test := range []struct {
		phrase, text string
		want         bool
	}{
		{"poverty reduction", "Poverty reduction, in China.", true},
		{"poverty reduction", "the reduction of poverty", false},
		{"poverty reduction", "poverty and reduction", false},
		{"poverty reduction", "poverty reductions", false},
		{"poverty reduction", "POVERTY-REDUCTION", true},
		{"poverty", "Poverty's end", true},
		{"new york", "New York's museums", true},
		{"new york", "New York’s museums", true},
		{"al-ahram", "Al-Ahram’s report", true},
		{"york museums", "York's museums", true},
		{"new york", "new yorks", false},
		{"tax", "taxes", false},
		{"end of poverty", "the end of poverty", true},
		{"end of poverty", "the end poverty", false},
		{"to be or not to be", "He said: to be, or not to be.", true},
		{"WHO report", "the who report", true},
		{"the US", "in the US, they say", true},
		{"us", "The US said", true},
		{"e-mail address", "an e-mail address", true},
		{"covid-19", "about COVID-19 vaccines", true},
		{"covid-19", "covid 20", false},
		{"1,000 people", "1000 people", true},
		{"٢٠٢٤", "in 2024", true},
		{"الأمم المتحدة", "قالت الامم المتحده", true},
		{"الأمم المتحدة", "وَالأُمَم المُتَّحِدَة", true},
		{"الأمم المتحدة", "قال للأمم المتحدة", true},
		{"الأمم المتحدة", "في الأمم غير المتحدة", false},
		{"الأمم المتحدة", "الأمة المتحدة", false},
		{"منظمة الصحة", "لمنظمة الصحة", true},
		{"منظمة الصحة", "ومنظمة الصحة", true},
		{"منظمة الصحة", "المنظمة الصحة", false},
		{"منظمة الصحة", "منظمة والصحة", false},
		{"طريق", "وصلوا بطريق البحر", true},
		{"لبنان", "إلى لبنان", true},
		{"بنان", "إلى لبنان", false},
		{"طريق", "في كل طريق", true},
		{"من أجل", "من أجل السلام", true},
		{"", "anything", false},
		{"…", "anything", false},
	} {
		together := a.Together(test.phrase)
		if got := together.In(a, test.text); got != test.want {
			t.Errorf("%q in %q: %v", test.phrase, test.text, got)
		}
	}
}

// A passage that has the words has one of the dimensions of each place, so that the
// lexical arm finds it.
func TestTogetherHasItsDimensions(t *testing.T) {
	a := lexical.NewAnalyzer()
	e := lexical.NewEncoder(a, 20)
	texts := []string{
		"The WHO said in its report that the US and the EU met at the UN. Who told us? It is IT, he said: to be or not to be.",
		"Poverty's end; e-mail addresses, co-operation, AT&T, C++, l'Abbé Pierre, 1,000 people, 3.5 per cent, covid-19, U.S.A.",
		"قالت للأمم المتحدة ولمنظمة الصحة العالمية وبالتعاون مع فرق الإنقاذ، كمبادرة منها، إن الطريق طويل وهو من أجل السلام",
		"ٱلرَّحْمَـٰنِ ٱلرَّحِيمِ مَـٰلِكِ يَوْمِ ٱلدِّينِ وَالسَّمَاوَاتِ وَٱلْقُرْءَانِ",
		"日本語の文章 and ภาษาไทย, straße, naïve café",
	}
	checked := 0
	for _, text := range texts {
		passage := e.Passage("", text)
		words := a.Words(text)
		for i := range words {
			for n := 1; n <= 3 && i+n <= len(words); n++ {
				if words[i].Span.Start > words[i+n-1].Span.Start {
					continue
				}
				for _, phrase := range []string{text[words[i].Span.Start:words[i+n-1].Span.End]} {
					for _, form := range []string{phrase, strings.ToLower(phrase), strings.ToUpper(phrase), words[i].Word} {
						together := a.Together(form)
						if !together.In(a, text) {
							continue
						}
						checked++
						for _, one := range together.Dimensions(a) {
							if !slices.ContainsFunc(one, func(d uint32) bool { return slices.Contains(passage.Dimensions, d) }) {
								t.Errorf("%q is in %q, which has none of its dimensions", form, text)
							}
						}
						for _, particle := range []string{"و", "ل", "ب", "ك", "ف", "ول"} {
							attached := a.Together(strings.TrimPrefix(form, particle))
							if attached.Words() == 0 || !attached.In(a, text) {
								continue
							}
							for _, one := range attached.Dimensions(a) {
								if !slices.ContainsFunc(one, func(d uint32) bool { return slices.Contains(passage.Dimensions, d) }) {
									t.Errorf("%q without %q is in %q, which has none of its dimensions", form, particle, text)
								}
							}
						}
					}
				}
			}
		}
	}
	if checked < 200 {
		t.Errorf("only %d phrases were checked", checked)
	}
}

package lexical_test

import (
	"testing"

	"dalil/lexical"
)

// anyIndex has every dimension in one passage.
type anyIndex struct{}

func (anyIndex) Frequency(uint32) int { return 1 }
func (anyIndex) Passages() int        { return 50 }

func TestAPassageHasTheNumberThatIsAskedFor(t *testing.T) {
	analyzer := lexical.NewAnalyzer()
	lexicon, err := lexical.DefaultLexicon()
	if err != nil {
		t.Fatal(err)
	}
	expander := lexical.NewExpander(analyzer, lexicon, lexical.ExpandOptions{})
	encoder := lexical.NewEncoder(analyzer, 5)
	for _, c := range []struct {
		question, passage string
		want              bool
	}{
		{"price of the iPhone 15", "The iPhone 15 costs 799 dollars.", true},
		{"price of the iPhone 15", "The iPhone15 costs 799 dollars.", true},
		{"price of the iPhone 15", "The iPhone 12 costs 799 dollars.", false},
		{"iPhone15", "The iPhone 15 is here.", true},
		{"iPhone15", "The iPhone 12 is here.", false},
		{"what is Internet2", "شبكة إنترنت2 تربط الجامعات", true},
		{"what is Internet2", "الإنترنت شبكة واسعة", false},
		{"ما هو إنترنت2", "Internet2 connects universities.", true},
		{"ما هو إنترنت2", "الإنترنت شبكة واسعة", false},
		{"سعر غالاكسي S22", "هاتف غالاكسي S21", false},
		{"A15 Bionic chip", "It has the A14 Bionic chip.", false},
		{"A15 Bionic chip", "It has the A15 Bionic chip.", true},
		{"PostgreSQL 17", "PostgreSQL 16 was released in 2023.", false},
		{"Go 1.22", "Version 1.0 was released in 2012.", false},
		{"World War 2", "World War II ended in 1945.", true},
		{"World War 2", "the Second World War", true},
		{"type 1 diabetes", "Type 2 diabetes is common.", false},
		{"the 20th congress", "المؤتمر الوطني العشرون", true},
		{"the 20th congress", "المؤتمر الوطني التاسع عشر", false},
		{"the 21st century", "in the twenty-first century", true},
		{"القرن 21", "القرن الحادي والعشرين", true},
		{"المادة ٩٩ من القانون", "المادة 99 من القانون", true},
		{"المادة ٩٩ من القانون", "المادة 12 من القانون", false},
		{"100000 workers", "100,000 workers", true},
		{"walls cost 4 million dirhams", "4,000,000 dirhams", true},
		{"walls of 4,000,000 dirhams", "four million dirhams", true},
		{"walls of 4,000,000 dirhams", "five million dirhams", false},
	} {
		question := expander.Question(c.question, anyIndex{}, false)
		numbers := expander.AskedNumbers(c.question, &question)
		if len(numbers) != 1 {
			t.Errorf("%q: %d numbers, want 1", c.question, len(numbers))
			continue
		}
		profile := analyzer.Profile("", c.passage, encoder.Passage("", c.passage))
		if got := numbers[0].In(profile); got != c.want {
			t.Errorf("%q: the passage %q has the number: %v, want %v", c.question, c.passage, got, c.want)
		}
	}
}

func TestAskedNumbersName(t *testing.T) {
	expander := lexical.NewExpander(lexical.NewAnalyzer(), nil, lexical.ExpandOptions{})
	for question, want := range map[string]int{
		"who founded the forum?":                     0,
		"what are 3 reasons for the war":             0, // how many are asked for
		"ما هي 5 أسباب للحرب":                        0,
		"music of the 1990s":                         0, // any year of them
		"World Cup 2022":                             1,
		"articles 12 and 14 of the law":              2,
		"What did 200 organisations decide in 2022?": 2,
	} {
		q := expander.Question(question, anyIndex{}, false)
		numbers := expander.AskedNumbers(question, &q)
		if len(numbers) != want {
			t.Errorf("%q: %d numbers, want %d", question, len(numbers), want)
		}
		for i := range numbers {
			if !numbers[i].In(nil) {
				t.Errorf("%q: nothing is known of a passage without a profile, and it lacks the number", question)
			}
		}
	}
}

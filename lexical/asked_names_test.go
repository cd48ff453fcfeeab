package lexical_test

import (
	"strings"
	"testing"

	"dalil/lexical"
)

// names lists the words of the question's names, names apart by commas.
func names(x *lexical.Expander, question string) string {
	q := x.Question(question, anyIndex{}, false)
	all := x.AskedNames(question, &q)
	written := make([]string, len(all))
	for i := range all {
		written[i] = all[i].String()
	}
	return strings.Join(written, ", ")
}

func expander(t *testing.T) *lexical.Expander {
	t.Helper()
	lexicon, err := lexical.DefaultLexicon()
	if err != nil {
		t.Fatal(err)
	}
	return lexical.NewExpander(lexical.NewAnalyzer(), lexicon, lexical.ExpandOptions{})
}

func TestNamesOfAQuestion(t *testing.T) {
	x := expander(t)
	for question, want := range map[string]string{
		"What is the height of the Eiffel Tower?":           "eiffel",
		"Where was Barack Obama born?":                      "barack obama",
		"How high is the stadium of Benfica?":               "benfica",
		"How long is the Danube's delta?":                   "danube",
		"How many people live in Germany?":                  "germany",
		"How many French ships sank in January?":            "", // peoples and months are no names
		"What does the Museum of Modern Art show?":          "",
		"When was the WHO founded by the UN?":               "", // their words may stand for them
		"What was it? Where is Lyon?":                       "lyon",
		"What Is the Height of the Lighthouse in Benfica":   "", // in a title, capitals say nothing
		"HOW HIGH IS THE STADIUM OF BENFICA":                "",
		"stadium of benfica":                                "",
		"berlin population":                                 "berlin", // the lexicon knows it only as a name
		"Population of the town":                            "",
		"كم عدد سكان مدينة برلين؟":                          "برلين",
		"كم يبلغ ارتفاع البرج في ألمانيا؟":                  "المانيا",
		"متى ولد كريستيانو رونالدو؟":                        "كريستيانو رونالدو",
		"ما هي عاصمة الدولة؟":                               "",
		"كم موظفا يعمل في شركة Siemens الألمانية؟":          "siemens",
		"Which edition of the x2000 has J. K. Rowling read": "rowling",
	} {
		if got := names(x, question); got != want {
			t.Errorf("%q: names %q, want %q", question, got, want)
		}
	}
}

func TestANameIsRecognisedInAnotherSpelling(t *testing.T) {
	x := expander(t)
	for _, c := range []struct {
		question, text string
		want           bool
	}{
		{"When was the Maastrich treaty signed?", "The Treaty of Maastricht was signed in 1992.", true},
		{"How many jobs will Volkswagen cut?", "Renault cuts jobs.", false},
		{"Where do the people of California live?", "The Californian coast is long.", true},
		{"How many people live in Turkey?", "The Turkish census counted 85 million.", true},
		{"How many people live in Iran?", "The census of Iraq counted 46 million.", false},
		{"Where did Schwarzenegger live?", "عاش شوارزنيجر في كاليفورنيا.", true},
		{"Where did the Mamluks rule?", "حكم المماليك مصر.", true},
		{"Where is the stadium of Benfica?", "يقع الملعب في المدينة.", false},
		{"أين يقع برج برلين؟", "The tower of Berlin is high.", true},
		{"أين يقع برج برلين؟", "The tower of Madrid is high.", false},
	} {
		q := x.Question(c.question, anyIndex{}, false)
		all := x.AskedNames(c.question, &q)
		if len(all) != 1 {
			t.Errorf("%q: %d names, want 1", c.question, len(all))
			continue
		}
		if got := x.Resembles(&all[0], c.text); got != c.want {
			t.Errorf("%q in %q: %v, want %v", c.question, c.text, got, c.want)
		}
	}
}

func TestNamedWords(t *testing.T) {
	x := expander(t)
	for text, want := range map[string]string{
		"Lyft opened an office in Kigali.": "Lyft Kigali",
		"Workers opened the office.":       "",
		"زار أوباما مدينة برلين":           "أوباما برلين",
	} {
		var words []string
		for _, span := range x.NamedWords(text) {
			words = append(words, text[span.Start:span.End])
		}
		if got := strings.Join(words, " "); got != want {
			t.Errorf("%q: named words %q, want %q", text, got, want)
		}
	}
}

func TestALongQuestionHasFewNames(t *testing.T) {
	x := expander(t)
	question := "Which of " + strings.Repeat("Benfica and Volkswagen or Obama in ", 50) + "them is it?"
	q := x.Question(question, anyIndex{}, false)
	if n := len(x.AskedNames(question, &q)); n != 16 {
		t.Errorf("%d names, want 16", n)
	}
}

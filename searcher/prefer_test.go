package searcher_test

import (
	"testing"

	"dalil/corpus"
	"dalil/lexical"
	"dalil/searcher"
)

// A passage in the question's language comes before its translation, unless the
// other one holds more of the question or the request does not care.
func TestTheQuestionsOwnLanguageComesFirst(t *testing.T) {
	lexicon := func(entries ...lexical.Entry) *lexical.Lexicon {
		data, err := lexical.EncodeLexicon(lexical.NewAnalyzer().Name(), entries)
		if err != nil {
			t.Fatal(err)
		}
		l, err := lexical.LoadLexicon(data)
		if err != nil {
			t.Fatal(err)
		}
		return l
	}
	a := lexical.NewAnalyzer()
	pair := func(english, arabic string) lexical.Entry {
		return lexical.Entry{Source: a.Stem(english), Target: a.Stem(arabic), Weight: 1}
	}
	l := lexicon(pair("floods", "الفيضانات"), pair("rivers", "الأنهار"), pair("bridges", "الجسور"))
	weights := searcher.Weights{Lexical: .01}
	first := func(documents map[string][]string, q corpus.Query) string {
		f := newFixture(t, documents)
		f.deps.Reranker = indifferent{}
		f.deps.Expander = lexical.NewExpander(f.deps.Analyzer, l, lexical.ExpandOptions{})
		// The arms alone would put the translation first.
		return search(t, searcher.New(f.deps, searcher.Options{Weights: &weights}), q).Passages[0].Document.ID
	}
	twins := map[string][]string{
		"english": {"Floods on rivers came late in a long and very wet year for most people there."},
		"arabic":  {"فيضانات الأنهار."},
		"timber":  {"Timber is dear."},
	}
	if got := first(twins, corpus.Query{Text: "floods rivers"}); got != "english" {
		t.Errorf("%s comes first, want the passage in the question's language", got)
	}
	if got := first(twins, corpus.Query{Text: "floods rivers", AnyLanguage: true}); got != "arabic" {
		t.Errorf("%s comes first where the language does not matter, want what the arms put first", got)
	}
	more := map[string][]string{
		"english": {"Floods came late."},
		"arabic":  {"فيضانات الأنهار والجسور في كل عام طويل مطير."},
		"timber":  {"Timber is dear."},
	}
	if got := first(more, corpus.Query{Text: "floods rivers bridges"}); got != "arabic" {
		t.Errorf("%s comes first, want the passage that holds more of the question", got)
	}

	weights.Lexical = 1
	// One passage repeats the topic in another language, one has it once in the question's.
	often := map[string][]string{
		"english": {"The town council spoke on Monday about bread, trade and harbours in the north, and then about floods on rivers."},
		"arabic":  {"فيضانات الأنهار: فيضانات الأنهار."},
		"timber":  {"Timber is dear."},
	}
	if got := first(often, corpus.Query{Text: "floods rivers"}); got != "english" {
		t.Errorf("%s comes first, want the passage that holds all of the question in its language", got)
	}
}

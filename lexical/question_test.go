package lexical

import (
	"math"
	"slices"
	"testing"

	"dalil/corpus"
)

// counts is a vocabulary of stems that stand in n of 100 passages.
type counts map[uint32]int

func (c counts) Frequency(d uint32) int { return c[d] }
func (c counts) Passages() int          { return 100 }

func holding(n int, words ...string) counts {
	a, c := NewAnalyzer(), counts{}
	for _, w := range words {
		c[Hash(a.Stem(w))] = n
		for _, t := range a.Words(w) {
			for _, key := range skeletons(nil, t.Word, t.Script) {
				c[SoundHash(t.Script, key)] = n
			}
		}
	}
	return c
}

func testExpander(t testing.TB) *Expander {
	t.Helper()
	l, err := LoadLexicon(encoded(t))
	if err != nil {
		t.Fatal(err)
	}
	return NewExpander(NewAnalyzer(), l, ExpandOptions{})
}

func weightOfWord(q Question, word string) float32 {
	at, ok := slices.BinarySearch(q.Sparse.Dimensions, Hash(NewAnalyzer().Stem(word)))
	if !ok {
		return 0
	}
	return q.Sparse.Weights[at]
}

func TestAWordAsksForTheTranslationsThatTheIndexHolds(t *testing.T) {
	q := testExpander(t).Question("poverty cooperation", holding(10, "عوز", "التعاون"), true)
	if w := weightOfWord(q, "عوز"); w < 0.8 || w > 1 {
		t.Errorf("the one translation that is held has weight %v, want little less than 1", w)
	}
	if w := weightOfWord(q, "فقر"); w != 0 {
		t.Errorf("a translation that is not held has weight %v", w)
	}
	if len(q.Explanations) != 2 || q.Explanations[0].Word != "poverty" || q.Explanations[0].Held || q.Explanations[0].Translations[0].Term != "عوز" {
		t.Errorf("explanations: %+v", q.Explanations)
	}
	plain := testExpander(t).Question("poverty", counts{}, false)
	if len(plain.Sparse.Dimensions) != 0 || plain.Explanations != nil {
		t.Errorf("an index without the words: %+v", plain)
	}
}

func TestAWordSaysWhetherTheLexiconTranslatesIt(t *testing.T) {
	q := testExpander(t).Question("poverty zzyzx 2014", counts{}, false)
	if len(q.Groups) != 3 || q.Groups[0].Translated <= 0 || q.Groups[0].Translated > 1 || q.Groups[1].Translated != 0 || q.Groups[2].Translated != 1 {
		t.Errorf("%+v; want a translation, none, and a number that needs none", q.Groups)
	}
	if g := NewExpander(NewAnalyzer(), nil, ExpandOptions{}).Question("poverty", counts{}, false).Groups; len(g) != 1 || g[0].Translated != 0 {
		t.Errorf("without a lexicon: %+v", g)
	}
}

// A word and its translations are one concept: what a form scores follows from
// the probability that it means the word, and not from how rare it is itself.
func TestAWordAndItsTranslationsShareOneRarity(t *testing.T) {
	v := holding(40, "الفقر")
	v[Hash(NewAnalyzer().Stem("poverty"))] = 40
	v[Hash(NewAnalyzer().Stem("عوز"))] = 1 // by chance
	q := testExpander(t).Question("poverty", v, false)
	own := float64(weightOfWord(q, "poverty")) * corpus.IDF(100, 40)
	frequent := float64(weightOfWord(q, "فقر")) * corpus.IDF(100, 40)
	rare := float64(weightOfWord(q, "عوز")) * corpus.IDF(100, 1)
	if own <= frequent || frequent <= rare || rare <= 0 {
		t.Errorf("scores: the word itself %.3f, its frequent translation %.3f, its rare one %.3f; want them in this order", own, frequent, rare)
	}
	if got, want := own, q.Groups[0].IDF; math.Abs(got-want) > 1e-6 {
		t.Errorf("the word itself scores %.4f, want the concept's idf %.4f", got, want)
	}
	if own > corpus.IDF(100, 40) {
		t.Errorf("the word scores %.3f: its translations do not count as passages that hold it", own)
	}
}

func TestAFewWordsOfTheQuestionsOwnLanguageDoNotSwitchTranslationOff(t *testing.T) {
	v := holding(20, "الفقر", "العوز")
	v[Hash(NewAnalyzer().Stem("poverty"))] = 1 // one English passage among the Arabic ones
	q := testExpander(t).Question("poverty", v, false)
	own := float64(weightOfWord(q, "poverty")) * corpus.IDF(100, 1)
	translated := (float64(weightOfWord(q, "فقر")) + float64(weightOfWord(q, "عوز"))) * corpus.IDF(100, 20)
	if own <= 0 || own > translated+1e-6 {
		t.Errorf("the word itself scores up to %.3f, its translations %.3f: want both, and no more for the word", own, translated)
	}
}

func TestANameAsksByItsSound(t *testing.T) {
	x := testExpander(t)
	v := holding(3, "قوبلاي")
	q := x.Question("who was Kublai", v, true)
	if !slices.ContainsFunc(q.Explanations, func(e corpus.Explanation) bool {
		return e.Word == "Kublai" && len(e.Translations) > 0 && e.Translations[0].Sound
	}) {
		t.Errorf("explanations: %+v", q.Explanations)
	}
	a := NewAnalyzer()
	q.ResolveSounds(a, "حكم وقوبلاي الصين")
	if heard := q.Explanations[len(q.Explanations)-1].Translations[0].Term; heard != "وقوبلاي" {
		t.Errorf("heard %q, want the passage's own word", heard)
	}
	if h := marked(&q, "حكم قوبلاي الصين"); len(h) != 1 || h[0].UTF16Start != 4 || h[0].UTF16End != 10 {
		t.Errorf("highlights: %+v", h)
	}
}

func TestAnArabicWordThatTheIndexLacksAsksForItsOtherSpelling(t *testing.T) {
	x := testExpander(t)
	q := x.Question("من هو غريفين", holding(3, "جريفين"), true)
	if last := q.Explanations[len(q.Explanations)-1]; len(last.Translations) != 1 || !last.Translations[0].Sound {
		t.Errorf("explanations: %+v", q.Explanations)
	}
	if h := marked(&q, "ولد جريفين"); len(h) != 1 {
		t.Errorf("highlights: %+v", h)
	}
	both := x.Question("غريفين", holding(3, "غريفين", "جريفين"), false)
	if slices.Contains(both.Sparse.Dimensions, SoundHash(Arabic, "KRFN")) {
		t.Error("a word that the index has asks for others by their sound")
	}
	for question, held := range map[string]string{
		"كول":   "قلق",    // two consonants
		"مارتن": "Norton", // has the dimension that this name would have in Arabic letters
	} {
		if q := x.Question(question, holding(3, held), false); len(q.Sparse.Dimensions) > 0 {
			t.Errorf("%s asks for %s", question, held)
		}
	}
}

func TestCoverage(t *testing.T) {
	a := NewAnalyzer()
	e := NewEncoder(a, 5)
	v := holding(10, "الفقر", "التعاون")
	q := testExpander(t).Question("poverty cooperation", v, false)
	for text, want := range map[string]float32{"الفقر والتعاون": 1, "الفقر": .5, "البحر": 0, "": 0} {
		if got := q.Coverage(e.Passage("", text)); math.Abs(float64(got-want)) > .01 {
			t.Errorf("coverage of %q is %v, want %v", text, got, want)
		}
	}
	strange := testExpander(t).Question("poverty pizza Naples", v, false)
	if got := strange.Coverage(e.Passage("", "الفقر")); got > .35 {
		t.Errorf("words that the index does not have count nothing: coverage %v", got)
	}
}

func BenchmarkQuestion(b *testing.B) {
	l, err := DefaultLexicon()
	if err != nil {
		b.Fatal(err)
	}
	x := NewExpander(NewAnalyzer(), l, ExpandOptions{})
	v := everything{}
	b.ReportAllocs()
	for b.Loop() {
		x.Question("What did the vice minister of international relations say about poverty reduction cooperation in Guangdong?", v, false)
	}
}

type everything struct{}

func (everything) Frequency(uint32) int { return 5 }
func (everything) Passages() int        { return 1000 }

func TestHighlightsCountUTF16(t *testing.T) {
	text := "😀 كَتَبَ الطالبُ"
	q := testExpander(t).Question("كتب", holding(1, "كتب"), false)
	h := marked(&q, text)
	if len(h) != 1 || text[h[0].Start:h[0].End] != "كَتَبَ" || h[0].UTF16Start != 3 || h[0].UTF16End != 9 {
		t.Errorf("highlights: %+v", h)
	}
}

// marked are the question's words in a text.
func marked(q *Question, text string) []corpus.Highlight {
	profile := NewAnalyzer().Profile("", text, corpus.Sparse{})
	var m Match
	q.Match(profile, &m)
	return profile.Highlights(text, m.Places)
}

func TestAWordWhoseTranslationsAreNotHeldAsksByItsSound(t *testing.T) {
	file, err := EncodeLexicon(analyzerName, []Entry{{"varroa", "نحل", .05}})
	if err != nil {
		t.Fatal(err)
	}
	lexicon, err := LoadLexicon(file)
	if err != nil {
		t.Fatal(err)
	}
	x := NewExpander(NewAnalyzer(), lexicon, ExpandOptions{})
	for _, v := range []counts{holding(3, "الفاروا"), holding(3, "الفاروا", "نحل")} {
		if q := x.Question("varroa", v, false); !slices.Contains(q.Sparse.Dimensions, SoundHash(Arabic, "FR")) {
			t.Errorf("the chance translation switched the sound off: %v", q.Groups)
		}
	}
}

func TestWordsInAPhraseAskForItsTranslations(t *testing.T) {
	a := NewAnalyzer()
	stem := a.Stem
	file, err := EncodeLexicon(analyzerName, []Entry{
		{"leagu", stem("رابطة"), .8},
		{"leagu", stem("أسطورة"), .4},
		{"champion", stem("بطل"), .8},
		{PhraseKey("champion", "leagu"), stem("دوري"), .9},
		{PhraseKey("champion", "leagu"), stem("بطل"), .9},
	})
	if err != nil {
		t.Fatal(err)
	}
	lexicon, err := LoadLexicon(file)
	if err != nil {
		t.Fatal(err)
	}
	x := NewExpander(a, lexicon, ExpandOptions{})
	v := holding(10, "رابطة", "أسطورة", "بطل", "دوري")
	apart, phrase := x.Question("league of a champion", v, false), x.Question("Champions League", v, false)
	if w := weightOfWord(apart, "دوري"); w != 0 {
		t.Errorf("without the phrase دوري is asked for with %v", w)
	}
	if in, out := weightOfWord(phrase, "دوري"), weightOfWord(phrase, "رابطة"); in <= out || out == 0 {
		t.Errorf("in the phrase دوري weighs %v, رابطة %v", in, out)
	}
	if w := weightOfWord(phrase, "أسطورة"); w >= weightOfWord(apart, "أسطورة") {
		t.Errorf("in the phrase another sense weighs %v, no less than apart", w)
	}
}

// A sound that many passages hold belongs to common words, so a name counts little for it.
func TestACommonSoundCountsLess(t *testing.T) {
	x := testExpander(t)
	weight := func(passages int) float32 {
		for _, e := range x.Question("Kavanaugh", holding(passages, "كافانو"), true).Explanations {
			for _, translation := range e.Translations {
				if translation.Sound {
					return translation.Weight
				}
			}
		}
		t.Fatalf("Kavanaugh does not ask for its sound, which %d of 100 passages hold", passages)
		return 0
	}
	if rare, common := weight(5), weight(50); rare != 1 || math.Abs(float64(common)-.1) > 1e-6 {
		t.Errorf("a sound in 5 of 100 passages weighs %v, in 50 of them %v; want 1 and 0.1", rare, common)
	}
}

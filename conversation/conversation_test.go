package conversation_test

import (
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"dalil/conversation"
	"dalil/corpus"
	"dalil/internal/model"
	"dalil/lexical"
)

// index counts words as a store does.
type index struct {
	frequencies map[uint32]int
	passages    int
}

func (x index) Frequency(dimension uint32) int { return x.frequencies[dimension] }
func (x index) Passages() int                  { return x.passages }

// articles are the passages of the tests, by name.
var articles = map[string]string{
	"heart":  "Zebrafish hearts regenerate after an injury. Scientists in Cairo reported it in 2021. The regeneration takes sixty days.",
	"دستور":  "صدر دستور البلاد سنة 1956 بعد الاستقلال. وضع الدستور لجنة من خمسين عضوا. عدل البرلمان مواد الدستور مرتين.",
	"harbor": "The harbour of Alexandria was built in the third century. Its lighthouse fell in an earthquake.",
	"ship":   "السفينة الكبيرة دخلت الميناء في الصباح. حملت السفينة القمح من أوديسا.",
}

type fixture struct {
	reader   *conversation.Reader
	expander *lexical.Expander
	encoder  *lexical.Encoder
	index    index
}

func newFixture(t testing.TB) fixture {
	t.Helper()
	lexicon, err := model.OpenLexicon("")
	if err != nil {
		t.Fatal(err)
	}
	a := lexical.NewAnalyzer()
	f := fixture{expander: lexical.NewExpander(a, lexicon, lexical.ExpandOptions{}), encoder: lexical.NewEncoder(a, lexical.DefaultAverageLength)}
	f.reader = conversation.NewReader(a, f.expander)
	f.index = index{map[uint32]int{}, 1000}
	for _, text := range articles {
		for _, d := range f.encoder.Passage("", text).Dimensions {
			f.index.frequencies[d]++
		}
	}
	return f
}

func (f fixture) cite(name string) conversation.Cited {
	return conversation.Cited{Text: articles[name], Sparse: f.encoder.Passage("", articles[name])}
}

func (f fixture) read(question string, past conversation.Past) conversation.Reading {
	q := f.expander.Question(question, f.index, false)
	return f.reader.Read(question, &q, past, f.index)
}

func TestTheGate(t *testing.T) {
	f := newFixture(t)
	for _, c := range []struct {
		first, cited, question string
		follows                bool
	}{
		{"When was the constitution issued?", "دستور", "and who wrote it?", true},
		{"متى صدر الدستور؟", "دستور", "ومن وضعه؟", true},
		{"متى صدر الدستور؟", "دستور", "كم مرة عدلها البرلمان؟", true},
		{"متى صدر الدستور؟", "دستور", "how many members did the committee have?", true},
		{"Where do hearts regenerate?", "heart", "and in 2021?", true},
		{"Where do hearts regenerate?", "heart", "what about scientists?", true},
		{"Where do hearts regenerate?", "heart", "how long does it take?", true},
		{"Where do hearts regenerate?", "heart", "who reported the ?", true},
		{"Where do hearts regenerate?", "heart", "tell me more", true},
		{"متى صدر الدستور؟", "دستور", "اشرح أكثر", true},
		{"متى صدر الدستور؟", "دستور", "وعلى يد من؟", true},
		{"Where do hearts regenerate?", "heart", "thanks", true},
		{"Where do hearts regenerate?", "heart", "Yes, please", true},
		{"Where do hearts regenerate?", "heart", "no, I meant the first one", true},
		{"Where do hearts regenerate?", "heart", "I meant in Cairo", true},
		{"متى صدر الدستور؟", "دستور", "أقصد في مصر", true},
		{"Where do hearts regenerate?", "heart", "No lighthouse of Alexandria fell, did it?", false},
		{"متى صدر الدستور؟", "دستور", "شكرا", true},
		{"متى صدر الدستور؟", "دستور", "نعم", true},
		{"متى صدر الدستور؟", "دستور", "لا، أقصد الأول", true},
		{"متى صدر الدستور؟", "دستور", "1956?", true},
		{"متى صدر الدستور؟", "دستور", "متى عدل؟", true},
		{"متى صدر الدستور؟", "دستور", "من عدل مواد في؟", true},
		{"متى صدر الدستور؟", "دستور", "كم عضوا شارك فيها؟", true},
		{"متى صدر الدستور؟", "دستور", "ما هو عدد سكان ؟", true},
		{"متى صدر الدستور؟", "دستور", "ما المدينة التي تقع فيها السفينة؟", false},
		{"متى صدر الدستور؟", "دستور", "ما السفينة التي بناها بحارة أوديسا؟", false},
		{"متى صدر الدستور؟", "دستور", "ما هي السفينة؟", false},
		{"متى صدر الدستور؟", "دستور", "من هو ابن رشد؟", false},
		{"متى صدر الدستور؟", "دستور", "ماهو التطفل؟", false},
		{"متى صدر الدستور؟", "دستور", "أخبرني من هو؟", true},
		{"متى صدر الدستور؟", "دستور", "لا أعرف من هي", true},
		{"متى صدر الدستور؟", "دستور", "أتعرف من هو؟", true},
		{"متى صدر الدستور؟", "دستور", "أريد معرفة من هو؟", true},
		{"متى صدر الدستور؟", "دستور", "ما هو كوفيد؟", false},
		{"متى صدر الدستور؟", "دستور", "أين تقع كابل؟", false},
		{"متى صدر الدستور؟", "دستور", "من هو عمر؟", false},
		{"متى صدر الدستور؟", "دستور", "ابن رشد من هو؟", false},
		{"Where do hearts regenerate?", "heart", "What is a lighthouse?", false},
		{"Where do hearts regenerate?", "heart", "A lighthouse is what?", false},
		{"Where do hearts regenerate?", "heart", "A glider is not what?", false},
		{"Where do hearts regenerate?", "heart", "Did the ship of Odessa lose its wheat?", false},
		{"Where do hearts regenerate?", "heart", "When did the lighthouse of Alexandria fall?", false},
		{"Where do hearts regenerate?", "heart", "ماذا حملت السفينة من أوديسا؟", false},
		{"متى صدر الدستور؟", "دستور", "متى دخلت السفينة الكبيرة الميناء؟", false},
		{"متى صدر الدستور؟", "دستور", "Which fish regenerate after an injury?", false},
	} {
		reading := f.read(c.question, conversation.Past{Questions: []string{c.first}, Cited: []conversation.Cited{f.cite(c.cited)}})
		if got := reading.FollowsUp(); got != c.follows {
			t.Errorf("%q after %q: probability %.2f, want a follow-up %v", c.question, c.first, reading.Probability, c.follows)
		}
		if reading.Lean == 0 && (reading.Text != c.question || len(reading.Words) > 0) {
			t.Errorf("%q was read as %q", c.question, reading.Text)
		}
	}
}

// In a relative clause, a pronoun refers to the noun before it, and not to what was said before.
func TestAPronounInARelativeClauseIsNoSign(t *testing.T) {
	f := newFixture(t)
	for _, c := range []struct{ relative, other string }{
		{"ما المدينة التي تقع فيها السفينة؟", "ما المدينة تقع فيها السفينة؟"},
		{"ما السفينة التي بناها بحارة أوديسا؟", "ما السفينة بناها بحارة أوديسا؟"},
	} {
		past := conversation.Past{Questions: []string{"متى صدر الدستور؟"}, Cited: []conversation.Cited{f.cite("دستور")}}
		if relative, other := f.read(c.relative, past).Probability, f.read(c.other, past).Probability; relative >= other/2 {
			t.Errorf("%q: probability %.3f, without the relative clause %.3f; want less than half", c.relative, relative, other)
		}
	}
}

// Words of every subject name none: "what are the benefits?" needs the conversation, and "what are the fiscal ledgers?" does
// not. No word of either is in the index. "What is software?" asks what it is, and "what are the results?" does not.
func TestGeneralWordsNeedTheConversation(t *testing.T) {
	f := newFixture(t)
	for _, c := range []struct{ first, cited, general, specific string }{
		{"Where do hearts regenerate?", "heart", "What are the benefits?", "What are the fiscal ledgers?"},
		{"Where do hearts regenerate?", "heart", "Which methods were used?", "Which glaciers calved icebergs?"},
		{"Where do hearts regenerate?", "heart", "What was written?", "What is writing?"},
		{"Where do hearts regenerate?", "heart", "What are the groups?", "What is language?"},
		{"متى صدر الدستور؟", "دستور", "ما الخيارات؟", "ما الرواسب الجليدية؟"},
		{"متى صدر الدستور؟", "دستور", "ما الفوائد؟", "ما هو التعليم؟"},
		{"متى صدر الدستور؟", "دستور", "ما المشاكل؟", "التعليم ما هو؟"},
	} {
		past := conversation.Past{Questions: []string{c.first}, Cited: []conversation.Cited{f.cite(c.cited)}}
		general, specific := f.read(c.general, past), f.read(c.specific, past)
		if !general.FollowsUp() || specific.FollowsUp() {
			t.Errorf("%q: probability %.3f, want at least .5; %q: %.3f, want less", c.general, general.Probability, c.specific, specific.Probability)
		}
	}
}

// A number that is in no passage is no subject.
func TestANumberIsNoSubject(t *testing.T) {
	f := newFixture(t)
	past := conversation.Past{Questions: []string{"Where do hearts regenerate?"}, Cited: []conversation.Cited{f.cite("heart")}}
	number, word := f.read("What were the groups in 1987?", past).Probability, f.read("What were the groups in Kerguelen?", past).Probability
	if number < 0.2 || word >= number/2 {
		t.Errorf("probability %.3f, want at least .2; with a name %.3f, want less than half of it", number, word)
	}
}

// An Arabic question that ends with a noun in front of another one is not finished, unless the noun is counted, chosen or compared.
func TestAnUnfinishedQuestionNeedsTheConversation(t *testing.T) {
	f := newFixture(t)
	past := conversation.Past{Questions: []string{"متى صدر الدستور؟"}, Cited: []conversation.Cited{f.cite("دستور")}}
	unfinished := f.read("ذكرت السفينة ما حجم", past).Probability
	if unfinished < 0.5 {
		t.Errorf("probability %.3f, want at least .5", unfinished)
	}
	for _, finished := range []string{"ذكرت السفينة كم حجم", "ذكرت السفينة أي حجم", "ذكرت السفينة أكبر حجم", "ذكرت السفينة أول حجم", "ذكرت السفينة أهم حجم", "ذكرت السفينة ما الحجم", "هل ذكرت السفينة حجم", "أليس ذكرت السفينة حجم", "ذكرت السفينة معنى حجم", "ذكرت السفينة بأي حجم"} {
		if p := f.read(finished, past).Probability; p >= unfinished/2 {
			t.Errorf("%q: probability %.3f, unfinished: %.3f; want less than half of it", finished, p, unfinished)
		}
	}
}

// "Where is Odessa?" names what it asks about, and "what is it?" does not.
func TestWhereIsAPlaceStandsAlone(t *testing.T) {
	f := newFixture(t)
	past := conversation.Past{Questions: []string{"متى صدر الدستور؟"}, Cited: []conversation.Cited{f.cite("دستور")}}
	if is, other := f.read("أين تقع مدينة أوديسا؟", past).Probability, f.read("متى تقع مدينة أوديسا؟", past).Probability; is >= other/2 {
		t.Errorf("probability %.3f, with another question word %.3f; want less than half", is, other)
	}
	for _, question := range []string{"ماهو؟", "ماهي ؟"} {
		if p := f.read(question, past).Probability; p < 1 {
			t.Errorf("%q: probability %.3f, want 1: it names nothing", question, p)
		}
	}
}

// The words that join count as much as it is probable that the question follows up.
func TestTheLeanGrowsWithTheProbability(t *testing.T) {
	f := newFixture(t)
	var before conversation.Reading
	for i, question := range []string{"ماذا حملت السفينة من أوديسا؟", "Which fish regenerate after a disease in Cairo?", "who reported it?", "tell me more"} {
		r := f.read(question, conversation.Past{Questions: []string{"Where do hearts regenerate?"}, Cited: []conversation.Cited{f.cite("heart")}})
		if r.Probability <= before.Probability && i > 0 || r.Lean < before.Lean || len(r.Compared) < len(question) || !strings.HasPrefix(r.Text, r.Compared) {
			t.Errorf("%q: probability %.2f, lean %.2f, compared as %q, read as %q", question, r.Probability, r.Lean, r.Compared, r.Text)
		}
		if !r.FollowsUp() && r.Compared != question {
			t.Errorf("%q: compared as %q", question, r.Compared)
		}
		before = r
	}
	if before.Compared != before.Text {
		t.Errorf("certain follow-ups are compared as %q, want %q", before.Compared, before.Text)
	}
}

func TestOlderQuestionsCountLess(t *testing.T) {
	f := newFixture(t)
	reading := f.read("and why?", conversation.Past{Questions: []string{"Did the lighthouse fall?", "Where do zebrafish live?"}})
	share := map[string]float64{}
	for _, w := range reading.Words {
		share[strings.ToLower(w.Text)] = w.Share
	}
	if share["lighthouse"] <= share["zebrafish"] || share["zebrafish"] <= 0 {
		t.Errorf("shares: %v", share)
	}
}

// Words that only ask for more or greet, and runs of letters that are no words, say nothing of what a conversation is about.
func TestWordsThatSayNothingDoNotJoin(t *testing.T) {
	f := newFixture(t)
	reading := f.read("and why?", conversation.Past{Questions: []string{"Tell me, did the lighthouse fall?"}})
	if strings.Contains(reading.Text, "Tell") || !strings.Contains(reading.Text, "lighthouse") {
		t.Errorf("read as %q", reading.Text)
	}
	letters := strings.Repeat("ab", 5000)
	if reading = f.read("and why?", conversation.Past{Questions: []string{letters + " lighthouse"}}); strings.Contains(reading.Text, letters) || !strings.Contains(reading.Text, "lighthouse") {
		t.Errorf("read as %.99q", reading.Text)
	}
	for question, says := range map[string]bool{
		"thanks": false, "tell me more": false, "شكرا": false, "and the lighthouse?": true, "": false,
		"Hello!": false, "Good morning, thanks a lot": false, "ok, have a nice day": false, "شكراً جزيلاً": false,
		"السلام عليكم ورحمة الله وبركاته": false, "صباح الخير، كيف حالك؟": false,
		"Good morning, when does the lighthouse open?": true, "What is a good day for the lighthouse?": true, "السلام": true, "اتفاق السلام": true, "the hello world program": true,
	} {
		if f.reader.Says(question) != says {
			t.Errorf("%q says what it is about: want %v", question, says)
		}
	}
}

// A question that another document answers better stands alone, and one that the cited document answers best follows up.
func TestWhatTheQuestionFindsAloneDecides(t *testing.T) {
	f := newFixture(t)
	cosine := func(x float64) *float64 { return &x }
	for _, question := range []string{"What about fish with an injury?", "which scientists were in Alexandria?", "ما المرفأ الذي بناه العلماء؟"} {
		read := func(found *conversation.Found) conversation.Reading {
			return f.read(question, conversation.Past{
				Questions: []string{"Where do hearts regenerate?"}, Cited: []conversation.Cited{f.cite("heart")}, CitedSimilarity: cosine(0.2),
				Search: func() *conversation.Found { return found },
			})
		}
		cited := read(&conversation.Found{Dense: cosine(0.2), CitedDense: cosine(0.2), Lexical: 8, CitedLexical: 8})
		another := read(&conversation.Found{Dense: cosine(0.7), CitedDense: cosine(0.2), Lexical: 16, CitedLexical: 1})
		if !cited.FollowsUp() || another.FollowsUp() || another.Probability > cited.Probability/2 {
			t.Errorf("%q: probability %.2f if the cited passage is the best, %.2f if another one is", question, cited.Probability, another.Probability)
		}
		if unknown := read(nil); unknown.Probability == cited.Probability || unknown.Probability == another.Probability {
			t.Errorf("%q: probability %.2f without a search", question, unknown.Probability)
		}
	}
}

// Where the words decide, there is no search.
func TestACertainFollowUpIsNotSearchedFor(t *testing.T) {
	f := newFixture(t)
	for question, want := range map[string]bool{"tell me more": false, "who reported it?": false, "When did the lighthouse of Alexandria fall?": true} {
		searched := false
		f.read(question, conversation.Past{
			Questions: []string{"Where do hearts regenerate?"}, Cited: []conversation.Cited{f.cite("heart")},
			Search: func() *conversation.Found { searched = true; return nil },
		})
		if searched != want {
			t.Errorf("%q: searched for %v, want %v", question, searched, want)
		}
	}
}

func TestWithoutAPastNothingChanges(t *testing.T) {
	f := newFixture(t)
	if r := f.read("and who wrote it?", conversation.Past{}); r.Lean != 0 || r.Text != "and who wrote it?" {
		t.Errorf("%+v", r)
	}
}

// What joins changes no word of the question, has shares below 1, and stays bounded.
func TestWhatJoinsIsBounded(t *testing.T) {
	f := newFixture(t)
	words := strings.Fields("zebrafish lighthouse السفينة دستور and it هو what في the 2021 Cairo قمح of")
	text := func(rt *rapid.T, name string, most int) string {
		return strings.Join(rapid.SliceOfN(rapid.SampledFrom(words), 1, most).Draw(rt, name), " ")
	}
	rapid.Check(t, func(rt *rapid.T) {
		question := text(rt, "question", 6)
		past := conversation.Past{}
		for range rapid.IntRange(0, 6).Draw(rt, "questions") {
			past.Questions = append(past.Questions, text(rt, "earlier", 40))
		}
		if rapid.Bool().Draw(rt, "cited") {
			past.Cited = []conversation.Cited{f.cite("heart"), f.cite("ship")}
		}
		q := f.expander.Question(question, f.index, false)
		before := len(q.Groups)
		r := f.reader.Read(question, &q, past, f.index)
		r.Join(&q)
		if !strings.HasPrefix(r.Text, question) || len(r.Words) > 16 || len(q.Groups) > before+len(r.Words) {
			rt.Fatalf("%q became %q with %d words", question, r.Text, len(r.Words))
		}
		for _, w := range r.Words {
			if w.Share <= 0 || w.Share >= 1 {
				rt.Fatalf("share of %q: %v", w.Text, w.Share)
			}
		}
	})
}

func TestMixHasUnitLength(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		draw := func(name string) corpus.Vector {
			v := corpus.Vector(rapid.SliceOfN(rapid.Float32Range(-1, 1), 8, 8).Draw(rt, name))
			var square float64
			for _, x := range v {
				square += float64(x) * float64(x)
			}
			if square < 1e-6 {
				v[0], square = 1, 1
			}
			for i := range v {
				v[i] /= float32(math.Sqrt(square))
			}
			return v
		}
		mixed := conversation.Mix(draw("question"), []corpus.Vector{draw("first"), draw("second")}, rapid.Float64Range(0, 1).Draw(rt, "lean"))
		var square float64
		for _, x := range mixed {
			square += float64(x) * float64(x)
		}
		if math.Abs(square-1) > 1e-3 {
			rt.Fatalf("length %v", math.Sqrt(square))
		}
	})
}

// BenchmarkHistory is the time that a long history adds to a question: three earlier questions and three passages.
func BenchmarkHistory(b *testing.B) {
	f := newFixture(b)
	passage := strings.Repeat(articles["دستور"]+" "+articles["heart"]+" ", 3)
	cited := conversation.Cited{Text: passage, Sparse: f.encoder.Passage("", passage)}
	past := conversation.Past{
		Questions: []string{"متى صدر دستور البلاد بعد الاستقلال؟", "How many members did the committee have?", "Who reported the regeneration of hearts?"},
		Cited:     []conversation.Cited{cited, cited, cited},
	}
	b.ReportAllocs()
	for b.Loop() {
		q := f.expander.Question("ومن وضعه؟", f.index, false)
		r := f.reader.Read("ومن وضعه؟", &q, past, f.index)
		r.Join(&q)
	}
}

package lexical

import "testing"

// certaintyOf is how certain it is that a passage has the first word of a question.
func certaintyOf(t *testing.T, x *Expander, question, passage string, v counts) (held, certain float64) {
	t.Helper()
	q := x.Question(question, v, false)
	a, encoder := NewAnalyzer(), NewEncoder(NewAnalyzer(), 20)
	var m Match
	q.Match(a.Profile("", passage, encoder.Passage("", passage)), &m)
	return m.Held[0], m.Certain[0]
}

func TestAnUnlikelyTranslationIsLessCertain(t *testing.T) {
	data, err := EncodeLexicon(NewAnalyzer().Name(), []Entry{{"poverti", "فقر", .8}, {"poverti", "عوز", .1}})
	if err != nil {
		t.Fatal(err)
	}
	l, err := LoadLexicon(data)
	if err != nil {
		t.Fatal(err)
	}
	x := NewExpander(NewAnalyzer(), l, ExpandOptions{})
	held, best := certaintyOf(t, x, "poverty", "الفقر", holding(3, "الفقر"))
	if held != 1 || best < .9 {
		t.Errorf("the best translation is held %.2f, certain %.2f, want about 1", held, best)
	}
	held, alone := certaintyOf(t, x, "poverty", "العوز", holding(3, "العوز"))
	if held != 1 || alone > .95*best {
		t.Errorf("an unlikely translation, the only one in the index, is held %.2f, certain %.2f; want 1 and less than %.2f", held, alone, best)
	}
	if _, beside := certaintyOf(t, x, "poverty", "العوز", holding(3, "الفقر", "العوز")); beside > .6*alone {
		t.Errorf("it is certain %.3f beside a better one, %.3f alone", beside, alone)
	}
}

func TestALongSoundIsMoreCertain(t *testing.T) {
	x := testExpander(t)
	before := 0.
	for _, name := range []struct{ latin, arabic string }{{"Kohl", "كول"}, {"Merkel", "ميركل"}, {"Schroedinger", "شرودنغر"}} {
		_, certain := certaintyOf(t, x, name.latin, name.arabic, holding(1, name.arabic))
		if certain <= before {
			t.Errorf("%s is certain %.2f, want more than %.2f", name.latin, certain, before)
		}
		before = certain
	}
	if _, same := certaintyOf(t, x, "غريفين", "جريفين", holding(1, "جريفين")); same <= 0 || same >= before {
		t.Errorf("another spelling in the same script is certain %.2f, want less than %.2f", same, before)
	}
}

package lexical

import (
	"slices"
	"testing"
)

// percentages are spellings of one unit.
var percentages = []string{
	"20 %", "20%", "٢٠٪", "٪٢٠", "20 percent", "twenty percent", "twenty per cent", "20 pct", "20-percent", "20 percentage points",
	"عشرون في المئة", "عشرين بالمئة", "عشرون في المائة", "٢٠ بالمائة", "20 في المية",
}

// TestPercentages asks for a percentage in every spelling: passages with any spelling
// have the whole question, and are above those with another number, or with the
// number 100.
func TestPercentages(t *testing.T) {
	var texts []string
	for _, p := range percentages {
		texts = append(texts, "The share is "+p+".")
	}
	first := len(texts)
	texts = append(texts,
		"The share is 30%.", "The share is thirty percent.", "The share is 30 per cent.", "الحصة ثلاثون في المئة", "الحصة ٣٠ بالمائة",
		"A hundred people came.", "حضر مئة شخص", "Nothing to see.", "لا شيء هنا أبدا",
	)
	r := rank(t, texts...)
	for _, asked := range percentages {
		if asked == "20 percentage points" {
			continue // "points" is a word of its own
		}
		scores, q := r.scores(asked), r.expander.Question(asked, r, false)
		if len(q.Groups) != 1 || asked[q.Groups[0].Whole.Start:q.Groups[0].Whole.End] != asked {
			t.Errorf("%q is %d words: %+v", asked, len(q.Groups), q.Groups)
		}
		lowest, other := slices.Min(scores[:first]), slices.Max(scores[first:])
		if lowest <= other {
			t.Errorf("%q: %.2f for %q, %.2f for %q", asked, lowest, texts[slices.Index(scores, lowest)], other, texts[slices.Index(scores, other)])
		}
		for i := range texts {
			coverage := q.Coverage(r.vectors[i])
			if i < first && coverage < .99 || i >= first && coverage > 0 {
				t.Errorf("%q: %q covers %.2f", asked, texts[i], coverage)
			}
			if hundred := i >= first+5; hundred && scores[i] > 0 {
				t.Errorf("%q finds %q", asked, texts[i])
			}
		}
	}
}

// The percent word is a word of its own without a number beside it.
func TestPercentWordsAlone(t *testing.T) {
	r := rank(t, "percent", "20")
	for question, words := range map[string]int{
		"percent": 1, "percent of 20": 2, "what percentage of girls": 2, "20 girls, percent": 3, "20 cent": 2, "20 ‰": 1, "في المئة": 1, "عشرون المئة": 2,
		"20% of girls": 2, "from 20% to 30 percent": 2, "20 girls, 20 % boys": 3,
	} {
		if q := r.expander.Question(question, r, false); len(q.Groups) != words {
			t.Errorf("%q: %d words, want %d", question, len(q.Groups), words)
		}
	}
}

// A question with the sign finds percent words, above the number with another word.
func TestPercentSignAsksForWords(t *testing.T) {
	r := rank(t, "20 people", "20 percent", "ثلاثون شخصا", "عشرون في المئة", "nothing", "لا شيء")
	for _, question := range []string{"20 %", "عشرين بالمائة", "twenty percent", "٢٠٪"} {
		if scores := r.scores(question); scores[1] <= scores[0] || scores[3] == 0 || scores[2] > 0 {
			t.Errorf("%q: %.2f", question, scores)
		}
	}
}

// In a passage, a percent word belongs to the number before it and to no other.
func TestPercentWordsMatchBesideTheirNumber(t *testing.T) {
	r := rank(t, "20 percent agreed", "وافق عشرون في المئة")
	a := r.expander.analyzer
	q := r.expander.Question("20 % agreed", r, false)
	for _, test := range []struct {
		text string
		want []int // the word of the question at each place
	}{
		{"Some 20 percent agreed, 30 percent did not.", []int{0, 0, 1}},
		{"Some 20% agreed, 30 percent did not.", []int{0, 1}},
		{"Percent, agreed.", []int{1}},
		{"وافق عشرون في المئة", []int{1, 0, 0}},
	} {
		var m Match
		q.Match(a.Profile("", test.text, NewEncoder(a, 20).Passage("", test.text)), &m)
		var got []int
		for _, p := range m.Places {
			got = append(got, p.Word)
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%q matches the words %v, want %v", test.text, got, test.want)
		}
		if held := slices.Contains(test.want, 0); (m.Held[0] > 0) != held {
			t.Errorf("%q holds the number: %v, want %v", test.text, m.Held[0], held)
		}
	}
}

// A number that joins another question brings its percent word.
func TestPercentJoins(t *testing.T) {
	const text = "Some 20 percent agreed, 30 percent did not."
	r := rank(t, text)
	a := r.expander.analyzer
	q, earlier := r.expander.Question("agreed", r, false), r.expander.Question("people: 20 %", r, false)
	q.Join([]Part{{Question: &earlier, Groups: []int{1}, Share: 0.5}})
	var m Match
	q.Match(a.Profile("", text, r.vectors[0]), &m)
	if len(m.Places) != 3 || m.Places[1].Word != 1 || m.Held[1] == 0 {
		t.Errorf("%+v", m)
	}
	if !slices.Contains(q.Sparse.Dimensions, Hash(a.Stem("percent"))) {
		t.Error("the percent word is not searched")
	}
}

package lexical

import (
	"slices"
	"testing"
)

// covers are the shares of the question that the passages hold.
func (r *ranking) covers(question string) []float32 {
	q := r.expander.Question(question, r, false)
	shares := make([]float32, len(r.vectors))
	for i, v := range r.vectors {
		shares[i] = q.Coverage(v)
	}
	return shares
}

// An abbreviation and its words find each other, and a part of the words is less.
func TestAnAbbreviationAsksForItsWords(t *testing.T) {
	r := rank(t,
		"The WTO met in Geneva.", "The World Trade Organization met in Geneva.", "اجتمعت منظمة التجارة العالمية في جنيف.",
		"The world was quiet.", "كان العالم هادئا.",
		"The CEO resigned on Monday.", "The chief executive officer resigned.", "استقال الرئيس التنفيذي للشركة.", "زار الرئيس المصنع.",
		"Leaders of the G20 met.", "التقى قادة مجموعة العشرين.", "التقت المجموعة مرتين.",
	)
	for _, test := range []struct {
		question   string
		full, less []int
	}{
		{"WTO", []int{0, 1, 2}, []int{3, 4}},
		{"world trade organization", []int{0, 1, 2}, []int{3, 4}},
		{"ceo", []int{5, 6}, []int{8}},
		{"G20", []int{9, 10}, []int{11}},
	} {
		got := r.covers(test.question)
		for _, i := range test.full {
			if got[i] < .95 {
				t.Errorf("%s: passage %d holds %.2f of it, want all", test.question, i, got[i])
			}
		}
		for _, i := range test.less {
			if got[i] > .7 {
				t.Errorf("%s: passage %d holds %.2f of it, want a part", test.question, i, got[i])
			}
		}
	}
}

// Each word of the list is one that passages hold, and its abbreviation is no usual word.
func TestTheListOfAbbreviations(t *testing.T) {
	a := NewAnalyzer()
	all := newAbbreviations(a)
	if len(all) < 70 {
		t.Fatalf("%d abbreviations", len(all))
	}
	for stem, short := range all {
		if len(short.full) < 2 || slices.ContainsFunc(short.full, func(t Term) bool { return t.Stem == stem || t.Script != Latin && t.Word[0] > '9' }) {
			t.Errorf("%s stands for %v", stem, short.full)
		}
	}
	if !a.tables.englishStop["who"] { // then only WHO in capitals is the abbreviation
		t.Error("who is no stop word")
	}
}

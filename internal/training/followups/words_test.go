package followups_test

import (
	"slices"
	"strings"
	"testing"

	"dalil/internal/training/followups"
	"dalil/lexical"
)

// A word that each subject has comes before one that a single subject has more often. Stop words are left out.
func TestGeneralWordsAreThoseOfAllSubjects(t *testing.T) {
	ships, hearts := []string{"The result of the voyage: ships, ships, ships and a result. سفينة"}, []string{"The result of the operation: hearts, hearts and hearts."}
	got := followups.General([][]string{ships, hearts}, lexical.Latin, lexical.NewAnalyzer())
	if len(got) != 5 || got[0] != "result" || slices.Contains(got, "the") {
		t.Errorf("%q; want result first and five stems", got)
	}
	if other := followups.General([][]string{hearts, ships}, lexical.Latin, lexical.NewAnalyzer()); !slices.Equal(got, other) {
		t.Errorf("%q, in the other order of subjects %q", got, other)
	}
	if got := followups.General(nil, lexical.Latin, lexical.NewAnalyzer()); len(got) != 0 {
		t.Errorf("%q of no text", got)
	}
}

// A word that always has another one behind it is unfinished. One that ends clauses, one that never has the article, such as a verb, and
// a rare one are not.
func TestUnfinishedWordsRarelyEndAClause(t *testing.T) {
	texts := slices.Repeat([]string{"قرأت عاصمة البلاد، في الكتاب."}, 30)
	texts = append(texts, slices.Repeat([]string{"جاء الرجل إلى مدينة"}, 30)...)
	texts = append(texts, "نوع الكتاب جديد والنوع قديم", "العاصمة كبيرة", "المدينة كبيرة", "النوع كبير")
	got := followups.Unfinished(texts, lexical.NewAnalyzer())
	if want := "عاصمه"; strings.Join(got, " ") != want {
		t.Errorf("%q, want %q", got, want)
	}
}

package conversation_test

import (
	"testing"

	"dalil/conversation"
)

// A question that has only a number, a time or a rank of its own asks about what the conversation is about.
func TestQuestionsThatOnlySelectFollowUp(t *testing.T) {
	f := newFixture(t)
	for _, past := range []conversation.Past{
		{Questions: []string{"When did zebrafish hearts regenerate?"}},
		{Questions: []string{"متى عدل البرلمان مواد الدستور؟"}, Cited: []conversation.Cited{f.cite("دستور")}},
	} {
		for question, follows := range map[string]bool{
			"what about 2022?": true, "How about ٢٠٢٢": true, "the second one": true, "the last year?": true, "which one?": true,
			"وماذا عن 2022؟": true, "وعام 2023؟": true, "والثاني؟": true, "الشهر الماضي؟": true,
			"What about the harbour of Alexandria in 2022?": false, "متى دخلت السفينة الأولى الميناء في عام 2022؟": false,
		} {
			if r := f.read(question, past); r.FollowsUp() != follows {
				t.Errorf("%q after %q: %.3f, read as %q", question, past.Questions[0], r.Probability, r.Text)
			}
		}
	}
}

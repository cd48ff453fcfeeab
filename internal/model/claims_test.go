package model_test

import (
	"strings"
	"testing"

	"dalil/corpus"
	"dalil/internal/config"
	"dalil/internal/model"
)

var sources = []corpus.Source{
	{Text: "The bridge was opened in March 2014. It cost 3.5 million dollars and is 420 metres long. Anna Keller designed it."},
	{Text: "استقبل المتحف اثني عشر ألف زائر في رمضان. ويقع المتحف في مدينة طنجة."},
}

func check(t *testing.T, answer string) corpus.Grounding {
	t.Helper()
	g, err := model.NewClaims(config.Default().Search).CheckClaims(t.Context(), answer, sources)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestClaimsThatNeedNoSupport(t *testing.T) {
	for _, text := range []string{
		"Hello!", "Thank you for your question.", "Would you like to know more?", "I am not sure about that.", "I don't know when it was built.",
		"مرحبا بك.", "هل تريد المزيد من التفاصيل؟", "لا أعرف متى بني الجسر.", "للأسف لم أجد معلومات عن ذلك.",
	} {
		if g := check(t, text); len(g.Claims) != 1 || g.Claims[0].NeedsSupport || g.Support != nil {
			t.Errorf("%q: %+v; want one claim that needs no support", text, g)
		}
	}
	g := check(t, "Hello! The bridge is 420 metres long. Do you need more?")
	if len(g.Claims) != 3 || g.Claims[0].NeedsSupport || !g.Claims[1].NeedsSupport || g.Claims[2].NeedsSupport {
		t.Errorf("claims %+v; want the second alone to need support", g.Claims)
	}
}

func TestClaimsAreSupportedAcrossLanguages(t *testing.T) {
	for _, c := range []struct {
		claim, supported string
		source           int
	}{
		{"The bridge is 420 metres long.", "420 metres", 0},
		{"افتتح الجسر في مارس 2014.", "March 2014", 0},
		{"The museum received twelve thousand visitors in Ramadan.", "رمضان", 1},
		{"المتحف في مدينة طنجة.", "طنجة", 1},
	} {
		g := check(t, c.claim)
		claim := g.Claims[0]
		if claim.Support < .5 || len(claim.Mismatches) > 0 || len(claim.Citations) == 0 {
			t.Errorf("%q: support %.2f, mismatches %+v, citations %+v", c.claim, claim.Support, claim.Mismatches, claim.Citations)
			continue
		}
		best := claim.Citations[0]
		if got := sources[best.Source].Text[best.Span.Start:best.Span.End]; best.Source != c.source || !strings.Contains(got, c.supported) {
			t.Errorf("%q is supported by %q of source %d", c.claim, got, best.Source)
		}
	}
	if g := check(t, "Penguins live near the south pole and eat fish."); *g.Support > .2 || len(g.Claims[0].Citations) > 0 {
		t.Errorf("nothing says this: %+v", g)
	}
}

func TestNumbersDatesAndNamesAreCompared(t *testing.T) {
	for _, c := range []struct {
		right, wrong string
		kind         corpus.MismatchKind
		says, found  string
	}{
		{"The bridge is 420 metres long.", "The bridge is 450 metres long.", corpus.MismatchNumber, "450", "420"},
		{"يبلغ طول الجسر ٤٢٠ مترا.", "يبلغ طول الجسر ٤٥٠ مترا.", corpus.MismatchNumber, "٤٥٠", "420"},
		{"The bridge cost 3,500,000 dollars.", "The bridge cost 5.3 million dollars.", corpus.MismatchNumber, "5.3 million", "3.5 million"},
		{"The museum received 12,000 visitors in Ramadan.", "The museum received 15,000 visitors in Ramadan.", corpus.MismatchNumber, "15,000", "اثني عشر ألف"},
		{"The bridge was opened in March 2014.", "The bridge was opened in April 2014.", corpus.MismatchDate, "April", ""},
		{"افتتح الجسر في مارس 2014.", "افتتح الجسر في أبريل 2014.", corpus.MismatchDate, "أبريل", ""},
		{"The bridge was designed by Anna Keller.", "The bridge was designed by Anna Lindholm.", corpus.MismatchName, "Lindholm", "Keller"},
	} {
		right, wrong := check(t, c.right).Claims[0], check(t, c.wrong).Claims[0]
		if len(right.Mismatches) > 0 {
			t.Errorf("%q: mismatches %+v, want none", c.right, right.Mismatches)
		}
		if wrong.Support >= right.Support {
			t.Errorf("%q has support %.2f, %q %.2f", c.wrong, wrong.Support, c.right, right.Support)
		}
		if len(wrong.Mismatches) != 1 {
			t.Errorf("%q: mismatches %+v, want one", c.wrong, wrong.Mismatches)
			continue
		}
		m := wrong.Mismatches[0]
		found := ""
		if m.Found != nil {
			found = sources[m.Source].Text[m.Found.Start:m.Found.End]
		}
		if says := c.wrong[m.Claim.Start:m.Claim.End]; m.Kind != c.kind || says != c.says || c.found != "" && found != c.found {
			t.Errorf("%q: %v %q against %q, want %v %q against %q", c.wrong, m.Kind, says, found, c.kind, c.says, c.found)
		}
	}
}

func TestMarkersAreChecked(t *testing.T) {
	for answer, wrongly := range map[string]bool{
		"The bridge is 420 metres long [1].":   false,
		"The bridge is 420 metres long. [1]":   false,
		"The bridge is 420 metres long [2].":   true,
		"The bridge is 420 metres long [٢].":   true,
		"The bridge is 420 metres long [1, 2]": false,
		"The bridge is 420 metres long.":       false,
		"Penguins eat fish at the pole [2].":   false,
	} {
		if g := check(t, answer); len(g.Claims) != 1 || g.Claims[0].CitedWrongly != wrongly {
			t.Errorf("%q: %+v; want cited wrongly: %v", answer, g.Claims, wrongly)
		}
	}
}

func TestHostileAnswersEnd(t *testing.T) {
	for _, answer := range []string{strings.Repeat("[1]", 5000), strings.Repeat("a. ", 8000), strings.Repeat("9", 20000), "\u202e\x00[", "1.2.3,4,,5 [9999]", strings.Repeat("ثلاثة ", 2000)} {
		g := check(t, answer)
		for _, c := range g.Claims {
			if c.Span.Start < 0 || c.Span.End > len(answer) || c.Span.Start >= c.Span.End || c.Support < 0 || c.Support > 1 {
				t.Fatalf("claim %+v of %d bytes", c, len(answer))
			}
		}
	}
	if g, err := model.NewClaims(config.Default().Search).CheckClaims(t.Context(), "The bridge is long.", nil); err != nil || *g.Support != 0 {
		t.Errorf("without sources: %+v, %v", g, err)
	}
}

// True claims whose numbers, months and names are written in another way than in the
// source have no mismatch.
func TestOtherSpellingsAreNoMismatch(t *testing.T) {
	for _, c := range []struct{ claim, source string }{
		{"بلغت نسبة المتعلمين 11 بالمئة في عام 1996.", "The share of literate people was 11 percent in 1996."},
		{"بلغ معدل النمو 2.8 في المائة في العام الماضي.", "The growth rate was 2.8 percent last year."},
		{"تأخرت الإمدادات الطبية لما بين أربعة وستة أشهر.", "Medical supplies were delayed by four to six months."},
		{"بيعت ثلاثة ملايين وخمسة ملايين نسخة من الكتابين.", "Three million and five million copies of the two books were sold."},
		{"It was conducted in the north from April to June.", "أجريت في الشمال ما بين شهري نيسان وحزيران."},
		{"The city was founded in the 16th century.", "تأسست المدينة في القرن السادس عشر."},
		{"The study had children aged 7 to 14 years.", "شملت الدراسة أطفالا بين السابعة والرابعة عشرة من العمر."},
		{"The campaign lasted 2 months.", "استمرت الحملة لشهرين."},
		{"The temple was built two thousand years ago.", "بني المعبد قبل ألفي عام."},
		{"كانت الحرب العالمية 2 أطول من الحرب العالمية 1.", "World War II was longer than World War I."},
		{"بلغت درجة الحرارة مائة واثنين.", "The temperature reached a hundred and two."},
		{"استبسل الجنود في الدفاع عن قلعة فوتشفيل عام 1812.", "The soldiers fought bravely to defend the castle of Fauchville in 1812."},
		{"اشرأبت الأعناق لرؤية الملاكم كرازنيتسكي في الحلبة.", "People craned their necks to see the boxer Krasnitzky in the ring."},
	} {
		g, err := model.NewClaims(config.Default().Search).CheckClaims(t.Context(), c.claim, []corpus.Source{{Text: c.source}})
		if err != nil {
			t.Fatal(err)
		}
		if m := g.Claims[0].Mismatches; len(m) > 0 {
			t.Errorf("%q of %q: mismatch %v %q", c.claim, c.source, m[0].Kind, c.claim[m[0].Claim.Start:m[0].Claim.End])
		}
	}
}

// What only looks like another spelling is a mismatch.
func TestWhatIsNoSpellingIsAMismatch(t *testing.T) {
	for _, c := range []struct{ claim, source, says string }{
		{"The city was founded in the 16th century.", "تأسست المدينة في القرن السابع عشر.", "16"},
		{"It was conducted in the north from April to July.", "أجريت في الشمال ما بين شهري نيسان وحزيران.", "July"},
		{"بلغت نسبة المتعلمين 13 بالمئة في عام 1996.", "The share of literate people was 11 percent in 1996.", "13"},
	} {
		g, err := model.NewClaims(config.Default().Search).CheckClaims(t.Context(), c.claim, []corpus.Source{{Text: c.source}})
		if err != nil {
			t.Fatal(err)
		}
		if m := g.Claims[0].Mismatches; len(m) != 1 || c.claim[m[0].Claim.Start:m[0].Claim.End] != c.says {
			t.Errorf("%q of %q: mismatches %+v, want %q alone", c.claim, c.source, m, c.says)
		}
	}
}

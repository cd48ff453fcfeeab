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

// denied are claims that the source of the same line supports as long as one word is
// left out: the negation.
var denied = []struct{ claim, negation, source, says string }{
	{"The bridge was not opened in March 2014.", "not ", "The bridge was opened in March 2014.", "not opened"},
	{"The bridge was not opened in March 2014.", "not ", "افتتح الجسر في مارس 2014.", "not opened"},
	{"The ministry wouldn't publish the annual report.", "n't", "The ministry would publish the annual report.", "wouldn't publish"},
	{"The minister never visited the hospital in Tangier.", "never ", "زار الوزير المستشفى في طنجة.", "never visited"},
	{"The museum can no longer receive twelve thousand visitors.", "no longer ", "The museum can receive twelve thousand visitors.", "no longer receive"},
	{"The workers built the new school without help from the city.", "out", "The workers built the new school with help from the city.", "without help"},
	{"لا تستخدم المدرسة الكتب الجديدة في التعليم.", "لا ", "The school uses the new books in teaching.", "لا تستخدم"},
	{"لا تستخدم المدرسة الكتب الجديدة في التعليم.", "لا ", "تستخدم المدرسة الكتب الجديدة في التعليم.", "لا تستخدم"},
	{"لن تنشر الوزارة التقرير السنوي هذا العام.", "لن ", "The ministry will publish the annual report this year.", "لن تنشر"},
	{"التقرير السنوي غير منشور على موقع الوزارة.", "غير ", "التقرير السنوي منشور على موقع الوزارة.", "غير منشور"},
	{"هذه المدينة ليست كبيرة في شمال البلاد.", "ليست ", "This city in the north of the country is big.", "ليست كبيرة"},
	{"لم يزر الوزير المستشفى في مدينة طنجة.", "لم ", "يزر الوزير المستشفى في مدينة طنجة.", "لم يزر"},
}

func TestANegationOnOneSideIsAMismatch(t *testing.T) {
	checker := model.NewClaims(config.Default().Search)
	one := func(claim, source string) corpus.Claim {
		t.Helper()
		g, err := checker.CheckClaims(t.Context(), claim, []corpus.Source{{Text: source}})
		if err != nil {
			t.Fatal(err)
		}
		return g.Claims[0]
	}
	for _, c := range denied {
		plain := strings.Replace(c.claim, c.negation, "", 1)
		for _, pair := range [][2]string{{plain, c.source}, {c.claim, c.claim}} {
			if claim := one(pair[0], pair[1]); claim.Support < .5 || len(claim.Mismatches) > 0 {
				t.Errorf("%q of %q: support %.2f, mismatches %+v; want neither", pair[0], pair[1], claim.Support, claim.Mismatches)
			}
		}
		for _, pair := range [][2]string{{c.claim, c.source}, {plain, c.claim}} { // either side may deny
			claim := one(pair[0], pair[1])
			if claim.Support >= .5 || len(claim.Mismatches) != 1 || claim.Mismatches[0].Kind != corpus.MismatchNegation {
				t.Errorf("%q of %q: support %.2f, mismatches %+v; want less than .5 and a negation", pair[0], pair[1], claim.Support, claim.Mismatches)
				continue
			}
			m := claim.Mismatches[0]
			says := pair[0][m.Claim.Start:m.Claim.End]
			if pair[0] == plain {
				says = pair[1][m.Found.Start:m.Found.End]
			}
			if says != c.says {
				t.Errorf("%q of %q: %q is denied, want %q", pair[0], pair[1], says, c.says)
			}
		}
	}
}

// What only looks like a negation, is one in both, or denies something else is no mismatch.
func TestWhatDeniesNothingElseIsNoMismatch(t *testing.T) {
	for _, c := range []struct{ claim, source string }{
		{"The museum did not receive any visitors in Ramadan.", "لم يستقبل المتحف أي زائر في رمضان."},
		{"The company refused to publish the report.", "لم تنشر الشركة التقرير ورفضت ذلك."},
		{"لا يزال المتحف يستقبل الزوار في طنجة.", "The museum still receives visitors in Tangier."},
		{"The museum receives not only visitors but also schools.", "المتحف يستقبل الزوار والمدارس أيضا."},
		{"ما لا يقل عن عشرين شخصا زاروا المتحف.", "At least twenty people visited the museum."},
		{"The bridge was opened in March 2014.", "The bridge was opened in March 2014, and the old road was not closed."},
		{"The water is unsuitable for drinking.", "المياه غير صالحة للشرب."},
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

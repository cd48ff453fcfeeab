package claims_test

import "testing"

// facts are sources whose numbers and negations other claims change.
var facts = []string{
	"The prize fund was 2 million euros. Carlsen received a quarter of it. Morocco was the first African team in a semi-final.",
	"About 100,000 workers built the city.",
	"The number is 0800 555 111.",
	"أعلن الرئيس تأميم القناة في 26 يوليو 1956. أغلقت السفينة القناة ستة أيام. تبلغ جوائز السباق الرئيسي 12 مليون دولار. أقيمت أول نسخة من الكأس عام 1996.",
}

func TestUnitsOrdinalsAndNegatedVerbs(t *testing.T) {
	for _, c := range []struct{ answer, mismatch string }{
		{"The prize fund was 2 million euros.", ""},
		{"The prize fund was €2 million.", ""},
		{"The prize fund was 2 million dollars.", "2 million"},
		{"The prize fund was $2 million.", "2 million"},
		{"كانت الجوائز مليوني يورو.", ""},
		{"جوائز السباق الرئيسي 12 مليون دولار.", ""},
		{"جوائز السباق الرئيسي 12 مليون يورو.", "12 مليون"},
		{"The prizes of the main race are 12 million euros.", "12 million"},
		{"Carlsen received 25% of it.", ""},
		{"Carlsen received 25 per cent of it.", ""},
		{"Morocco was the first African team in a semi-final.", ""},
		{"Morocco was the second African team in a semi-final.", "second"},
		{"أقيمت النسخة الأولى من الكأس عام 1996.", ""},
		{"أقيمت ثاني نسخة من الكأس عام 1996.", "ثاني"},
		{"About 100 000 workers built the city.", ""},
		{"The number is 0800 555 111.", ""},
		{"الرقم هو 111 555 0800.", ""},
		{"About 120 000 workers built the city.", "120 000"},
		{"أعلن الرئيس تأميم القناة في 26 يوليو 1956.", ""},
		{"لم يعلن الرئيس تأميم القناة في 26 يوليو 1956.", "لم يعلن"},
		{"لم تغلق السفينة القناة.", "لم تغلق"},
		{"أعلن الرئيس تأميم القناة في 26/07/1956.", ""},
		{"The president announced the nationalisation of the canal on 7/26/1956.", ""},
		{"أعلن الرئيس تأميم القناة في 26/07/1966.", "1966"},
	} {
		g := checkIn(t, facts, c.answer)
		if len(g.Claims) != 1 {
			t.Errorf("%q: %d claims", c.answer, len(g.Claims))
			continue
		}
		switch claim := g.Claims[0]; {
		case c.mismatch == "" && len(claim.Mismatches) > 0:
			t.Errorf("%q: mismatches %+v, want none", c.answer, claim.Mismatches)
		case c.mismatch == "":
		case len(claim.Mismatches) == 0:
			t.Errorf("%q: no mismatch, want %q", c.answer, c.mismatch)
		default:
			if m := claim.Mismatches[0]; c.answer[m.Claim.Start:m.Claim.End] != c.mismatch || m.Found == nil {
				t.Errorf("%q: mismatch %q, found at %v, want %q and where it is", c.answer, c.answer[m.Claim.Start:m.Claim.End], m.Found, c.mismatch)
			}
		}
	}
}

// A sentence is also compared together with the one beside it. It is cited once.
func TestCitationsDoNotOverlap(t *testing.T) {
	for _, answer := range []string{"The prize fund was 2 million euros.", "أغلقت السفينة القناة ستة أيام."} {
		g := checkIn(t, facts, answer)
		citations := g.Claims[0].Citations
		if len(citations) == 0 {
			t.Errorf("%q: no citation", answer)
		}
		for i, a := range citations {
			for _, b := range citations[:i] {
				if a.Source == b.Source && a.Span.Start < b.Span.End && b.Span.Start < a.Span.End {
					t.Errorf("%q: the citations %v and %v of source %d overlap", answer, b.Span, a.Span, a.Source)
				}
			}
		}
	}
}

package claims_test

import (
	"testing"

	"dalil/corpus"
)

// Answers of language models are often numbered lists. The numbers of the items are no facts.
func TestTheNumbersOfItemsAreNoFacts(t *testing.T) {
	for _, answer := range []string{
		"7. The bridge is 420 metres long.", "7) The bridge is 420 metres long.", "(7) The bridge is 420 metres long.", "**7.** The bridge is 420 metres long.",
		"٧. يبلغ طول الجسر 420 مترا.", "The bridge is 420 metres long.\n8. Amina Haddad designed it.",
	} {
		for _, claim := range check(t, answer).Claims {
			if len(claim.Mismatches) > 0 {
				t.Errorf("%q: %+v", answer, claim.Mismatches)
			}
		}
	}
	if g := check(t, "The bridge has 7. It is 420 metres long."); len(g.Claims[0].Mismatches) == 0 {
		t.Errorf("a number at the end of a sentence is no item: %+v", g.Claims)
	}
}

// A sentence that has another number, date or time than the claim does not support it, however alike they are otherwise.
func TestAnotherNumberIsNotSupported(t *testing.T) {
	hours := []string{"The clinic opens at 8:00. On Fridays it closes at 13:00.", "يغلق المتحف أبوابه في الساعة ١٨:٣٠ مساء."}
	for _, c := range []struct {
		answer    string
		supported bool
		kind      corpus.MismatchKind
	}{
		{"The bridge is 430 metres long.", false, corpus.MismatchNumber},
		{"The bridge over the river was opened in June 1998.", false, corpus.MismatchDate},
		{"On Fridays it closes at 14:00.", false, corpus.MismatchNumber},
		{"On Fridays it closes at 13:00.", true, 0},
		{"On Fridays it closes at 1:00.", true, 0},
		{"The museum closes its doors at 18:45.", false, corpus.MismatchNumber},
		{"The museum closes its doors at 6:30.", true, 0},
	} {
		claim := checkIn(t, append(hours, texts...), c.answer).Claims[0]
		if supported := claim.Support >= corpus.SupportedClaim; supported != c.supported {
			t.Errorf("%q: support %.2f, %+v", c.answer, claim.Support, claim.Mismatches)
		}
		if c.supported != (len(claim.Mismatches) == 0) || !c.supported && claim.Mismatches[0].Kind != c.kind {
			t.Errorf("%q: mismatches %+v", c.answer, claim.Mismatches)
		}
	}
}

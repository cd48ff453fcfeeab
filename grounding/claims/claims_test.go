package claims_test

import (
	"strings"
	"testing"

	"dalil/corpus"
	"dalil/internal/config"
	"dalil/internal/model"
)

// texts are the sources of the tests.
var texts = []string{
	"The bridge over the river was opened in May 1998. It is 420 metres long and cost 35 million pounds. Amina Haddad designed it.",
	"افتتح المتحف في مدينة صور في عام ٢٠٠٣. يضم المتحف ١٢٠٠ قطعة أثرية. ارتفع عدد الزوار بنسبة 15 بالمئة.",
}

func check(t *testing.T, answer string) corpus.Grounding {
	t.Helper()
	return checkIn(t, texts, answer)
}

func checkIn(t *testing.T, texts []string, answer string) corpus.Grounding {
	t.Helper()
	c := config.Default()
	sources := make([]corpus.Source, len(texts))
	for i, text := range texts {
		sources[i].Text = text
	}
	g, err := model.NewClaims(c.Search).CheckClaims(t.Context(), answer, sources)
	if err != nil {
		t.Fatal(err)
	}
	for _, claim := range g.Claims {
		if s := claim.Span; s.Start < 0 || s.End > len(answer) || s.Start >= s.End {
			t.Errorf("%q: span %v", answer, s)
		}
		for _, cited := range claim.Citations {
			if s := cited.Span; s.Start < 0 || s.End > len(texts[cited.Source]) || s.Start >= s.End {
				t.Errorf("%q: span %v of source %d", answer, s, cited.Source)
			}
		}
	}
	return g
}

func TestClaimsAndTheirSupport(t *testing.T) {
	for _, c := range []struct {
		answer   string
		source   int    // that supports it; -1: none does
		mismatch string // what the answer has instead; empty: nothing
	}{
		{"The bridge was opened in May 1998.", 0, ""},
		{"The bridge is 420 metres long.", 0, ""},
		{"افتتح الجسر في أيار 1998.", 0, ""},
		{"The museum in Tyre was opened in 2003.", 1, ""},
		{"يضم المتحف 1200 قطعة أثرية.", 1, ""},
		{"The number of visitors rose by 15 percent.", 1, ""},
		{"The bridge is 520 metres long.", 0, "520"},
		{"The bridge was opened in June 1998.", 0, "June"},
		{"يضم المتحف ١٧٠٠ قطعة أثرية.", 1, "١٧٠٠"},
		{"Penguins swim in the Antarctic ocean.", -1, ""},
		{"تسبح البطاريق في المحيط المتجمد.", -1, ""},
	} {
		g := check(t, c.answer)
		if len(g.Claims) != 1 || !g.Claims[0].NeedsSupport {
			t.Errorf("%q: claims %+v", c.answer, g.Claims)
			continue
		}
		claim := g.Claims[0]
		switch {
		case c.source < 0:
			if claim.Support >= 0.5 {
				t.Errorf("%q: support %.2f, want below .5", c.answer, claim.Support)
			}
			continue
		case c.mismatch == "":
			if claim.Support < 0.5 || len(claim.Mismatches) > 0 {
				t.Errorf("%q: support %.2f, mismatches %+v", c.answer, claim.Support, claim.Mismatches)
			}
		case len(claim.Mismatches) == 0:
			t.Errorf("%q: no mismatch", c.answer)
		default:
			m := claim.Mismatches[0]
			if got := c.answer[m.Claim.Start:m.Claim.End]; got != c.mismatch {
				t.Errorf("%q: mismatch %q, want %q", c.answer, got, c.mismatch)
			}
			if m.Source != c.source {
				t.Errorf("%q: the mismatch is with source %d, want %d", c.answer, m.Source, c.source)
			}
			continue
		}
		if len(claim.Citations) == 0 || claim.Citations[0].Source != c.source {
			t.Errorf("%q: citations %+v, want source %d first", c.answer, claim.Citations, c.source)
		}
	}
}

func TestMarkersAreChecked(t *testing.T) {
	for answer, wrong := range map[string]bool{
		"The bridge is 420 metres long [1].":        false,
		"The bridge is 420 metres long [2].":        true,
		"The bridge is 420 metres long [1][2].":     false,
		"يضم المتحف ١٢٠٠ قطعة أثرية [2].":           false,
		"The museum in Tyre opened in 2003 [1].":    true,
		"The bridge is 420 metres long, I read.":    false,
		"The bridge is 420 metres long [nothing].":  false,
		"The bridge is 420 metres long【1】.":         false,
		"The bridge is 420 metres long【2】.":         true,
		"The bridge is 420 metres long 【1†line 7】.": false,
		"The bridge is 420 metres long ［2］.":        true,
	} {
		if g := check(t, answer); len(g.Claims) != 1 || g.Claims[0].CitedWrongly != wrong {
			t.Errorf("%q: %+v, want cited wrongly %v", answer, g.Claims, wrong)
		} else if m := g.Claims[0].Mismatches; len(m) > 0 && strings.Contains(answer, "420") {
			t.Errorf("%q: the marker is a mismatch: %+v", answer, m)
		}
	}
}

func TestWhatNeedsNoSupport(t *testing.T) {
	for _, answer := range []string{
		"Hello!", "Yes.", "No, exactly.", "نعم.", "كلا!", "مرحبا!", "Which bridge do you mean?", "ماذا تقصد بالمتحف؟", "I don't know.", "لا أعرف.",
		"Hope that helps!", "The document does not say when it was built.", "السياق لا يذكر تاريخ البناء.", "لا تذكر الوثائق ذلك.", "على الرحب والسعة.",
	} {
		g := check(t, answer)
		if len(g.Claims) != 1 || g.Claims[0].NeedsSupport || g.Support != nil {
			t.Errorf("%q: %+v", answer, g.Claims)
		}
	}
}

// Each sentence is a claim of its own, and a wrong one lowers the support of the whole.
func TestTheWholeIsTheMeanOfItsClaims(t *testing.T) {
	right := "The bridge is 420 metres long. It cost 35 million pounds."
	good, bad := check(t, right), check(t, right+" Penguins swim in the Antarctic ocean.")
	if len(good.Claims) != 2 || len(bad.Claims) != 3 || *bad.Support >= *good.Support {
		t.Errorf("support %v of %d claims, %v of %d", *good.Support, len(good.Claims), *bad.Support, len(bad.Claims))
	}
	if long := check(t, strings.Repeat("The bridge is 420 metres long. ", 200)); len(long.Claims) != 200 {
		t.Errorf("%d claims of 200", len(long.Claims))
	}
}

package lexical_test

import (
	"reflect"
	"testing"

	"dalil/lexical"
)

// A letter that is left out (tatweel) with an accent on it, at the beginning of a text: there is no letter that the
// accent belongs to. What was read before must not matter.
func TestAnAccentWithoutALetterReadsNothingOfTheTextBefore(t *testing.T) {
	const before, text = "l'Abbé d'Estaing's e-mail naïve", "\u0640\u0301 word"
	want := lexical.NewAnalyzer().Words(text)
	a := lexical.NewAnalyzer()
	for range 20 { // the pool does not keep its memory for certain
		a.Words(before)
		if got := a.Words(text); !reflect.DeepEqual(got, want) {
			t.Fatalf("words %+v, want %+v", got, want)
		}
	}
	if got := a.Words("naïve\u00a0\u0640\u0301 word"); len(got) != 2 || got[0].Word != "naive" {
		t.Errorf("words %+v, want naive and word", got)
	}
}

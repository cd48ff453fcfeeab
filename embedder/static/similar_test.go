package static_test

import (
	"testing"

	"dalil/embedder/static"
)

// A text is most similar to itself, then to its translation, and bytes that are no
// profile are similar to nothing.
func TestSimilarTexts(t *testing.T) {
	e, err := static.Default()
	if err != nil {
		t.Fatal(err)
	}
	scorer := e.NewScorer(static.ScorerOptions{Sentences: byStop})
	profile := func(text string) []byte { return scorer.Profile(text) }
	text := profile("The rivers run to the sea. Fish swim in the river.")
	got := scorer.Similar(text, [][]byte{
		text, profile("تجري الأنهار إلى البحر. تسبح الأسماك في النهر."), profile("The parliament votes on the budget of the ministry."), nil, {7, 7, 7}, profile("???"),
	})
	if len(got) != 6 || got[0] < .999 || got[0] > 1.001 || got[1] < .6 || got[1] > got[0] || got[2] > got[1]-.2 {
		t.Errorf("similarities %v, want 1 for the text, less for its translation, and little for another text", got)
	}
	for _, i := range []int{3, 4, 5} {
		if got[i] != 0 {
			t.Errorf("similarity %v of text %d, which has no known words, want 0", got[i], i)
		}
	}
	for i, x := range scorer.Similar(nil, [][]byte{text, nil}) {
		if x != 0 {
			t.Errorf("similarity %v of nothing with text %d, want 0", x, i)
		}
	}
}

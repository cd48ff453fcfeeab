package embedder_test

import (
	"testing"

	"pgregory.net/rapid"

	"dalil/embedder"
)

// The counts are those of three tokenizers that are much used: OpenAI's
// cl100k_base and o200k_base, and the uncased English vocabulary of BERT, which
// takes Arabic apart letter by letter.
func TestEstimateIsNotBelowRealTokenizers(t *testing.T) {
	for _, test := range []struct {
		text                string
		cl100k, o200k, bert int
	}{
		{"International cooperation for development reduces poverty in many countries.", 10, 10, 10},
		{"التعاون الدولي من أجل التنمية يقلل الفقر في بلدان كثيرة.", 36, 15, 46},
		{"NVIDIA's CUDA and LoRA, with GGUF files (v2.17.3), run on ARM64.", 25, 25, 30},
		{"https://example.org/path?id=42&lang=ar#top", 14, 14, 19},
		{"كَتَبَ الطَّالِبُ الدَّرْسَ فِي الْمَدْرَسَةِ", 37, 28, 23},
		{"国际合作减少了许多国家的贫困。", 20, 11, 15},
		{"Naïve café owners in Zürich cost €1,234.50", 16, 14, 12},
	} {
		got, most := embedder.EstimateTokens(test.text), max(test.cl100k, test.o200k, test.bert)
		if got < most || got > 3*most {
			t.Errorf("%q: estimated %d, real ones count up to %d", test.text, got, most)
		}
	}
}

func TestEstimateOfParts(t *testing.T) {
	letters := rapid.StringOf(rapid.SampledFrom([]rune("aZb C9.-\n بُ漢🙂é")))
	rapid.Check(t, func(t *rapid.T) {
		a, b := letters.Draw(t, "a"), letters.Draw(t, "b")
		whole, first, second := embedder.EstimateTokens(a+b), embedder.EstimateTokens(a), embedder.EstimateTokens(b)
		if whole > first+second || whole < first || whole < second {
			t.Fatalf("%q and %q count %d and %d, together %d", a, b, first, second, whole)
		}
	})
}

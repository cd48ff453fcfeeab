package claims_test

import (
	"strings"
	"testing"
	"time"

	"dalil/internal/growth"
)

// The time of a check grows with its texts, and not with the square of the longest sentence: texts
// of numbers have no full stops.
func TestOneLongSentenceTakesLinearTime(t *testing.T) {
	for name, unit := range map[string]string{"numbers": "12 ", "groups": "1 234 and ", "dates": "10/03/1258 and "} {
		measure := func(size int) time.Duration {
			source := []string{strings.Repeat(unit, size/len(unit))}
			return growth.Fastest(3, func() { checkIn(t, source, "It was 13 and 14.") })
		}
		growth.AtMost(t, name+": a text of 64 KB, compared with one of 8 KB", 20, func() (_, _ time.Duration) { return measure(8 << 10), measure(64 << 10) })
	}
}

// A sentence of many words is compared piece by piece, and what supports a claim is found in it.
func TestALongSentenceIsFound(t *testing.T) {
	filler := strings.Repeat("ships and grain and steel, ", 400)
	source := filler + "the bridge over the river was opened in May 1998, " + filler
	g := checkIn(t, []string{source}, "The bridge over the river was opened in May 1998.")
	if len(g.Claims) != 1 || len(g.Claims[0].Citations) == 0 {
		t.Fatalf("%+v, want a claim with a citation", g.Claims)
	}
	if at := g.Claims[0].Citations[0].Span; !strings.Contains(source[at.Start:at.End], "bridge over the river") || at.End-at.Start > 5000 {
		t.Errorf("the citation has %d bytes, or not the sentence", at.End-at.Start)
	}
	answer := strings.Repeat("القطارات تحمل الحبوب والفولاذ ", 300) + strings.Repeat("ن", 3000)
	if g := checkIn(t, texts, answer); len(g.Claims) < 2 {
		t.Errorf("an answer of %d bytes without a full stop is %d claims", len(answer), len(g.Claims))
	}
}

package static_test

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"dalil/embedder/static"
	"dalil/internal/growth"
)

// Words that are written alike are compared once, and count as often as they stand there.
func TestRepeatedWordsOfAQuery(t *testing.T) {
	e, err := static.Default()
	if err != nil {
		t.Fatal(err)
	}
	texts := []string{"The city of Kyoto has many bridges. The river is wide.", "Cities and bridges.", "A letter about nothing."}
	for _, weighting := range []static.Weighting{static.Rarity, static.Length, static.Equal} {
		scorer := e.NewScorer(static.ScorerOptions{Sentences: byStop, Weighting: weighting})
		one, err := scorer.Score(t.Context(), "bridges river", texts)
		if err != nil {
			t.Fatal(err)
		}
		many, err := scorer.Score(t.Context(), "bridges river bridges bridges", texts)
		if err != nil {
			t.Fatal(err)
		}
		for i := range texts {
			if got := many[i].Words; len(got) != 4 || got[0] != one[i].Words[0] || got[1] != one[i].Words[1] || got[2] != got[0] || got[3] != got[0] {
				t.Errorf("weighting %d, text %d: the words have %v, want those of %v and the first twice more", weighting, i, got, one[i].Words)
			}
			if got := many[i].Query; len(got.Spans) != 4 || got.Spans[3].Start != 22 || got.Lengths[3] != got.Lengths[0] || got.Surprisals[2] != got.Surprisals[0] {
				t.Errorf("weighting %d: the words of the query are %+v", weighting, got)
			}
			if weighting != static.Equal {
				continue
			}
			power := func(n int) float64 { return math.Pow(float64(one[i].Words[n]), 3) }
			if want := (3*power(0) + power(1)) / 4; math.Abs(float64(many[i].Late)-want) > 1e-6 || many[i].Together > many[i].Late+1e-6 {
				t.Errorf("text %d: late interaction %v (one sentence: %v), want %v", i, many[i].Late, many[i].Together, want)
			}
		}
	}
}

// A query of very many short words takes about the time of prose of as many bytes.
func TestTheTimeOfManyShortWordsIsBounded(t *testing.T) {
	e, err := static.Default()
	if err != nil {
		t.Fatal(err)
	}
	scorer := e.NewScorer(static.ScorerOptions{Sentences: byStop})
	text := seeds(t)
	texts := passagesOf(text, 1, 20)
	prose := text[:4<<10]
	var letters, pairs strings.Builder
	for i := range 2000 {
		fmt.Fprintf(&letters, "%c ", 'a'+i*7%26)
		fmt.Fprintf(&pairs, "%c%c ", 'a'+i%26, 'a'+i/26%26)
	}
	fastest := func(query string) time.Duration {
		return growth.Fastest(5, func() {
			if _, err := scorer.Score(t.Context(), query, texts); err != nil {
				t.Fatal(err)
			}
		})
	}
	for name, query := range map[string]string{"one letter": letters.String(), "two letters": pairs.String()} {
		growth.AtMost(t, "2,000 words of "+name+", compared with 4 KB of prose", 4, func() (_, _ time.Duration) { return fastest(prose), fastest(query) })
	}
	if scores, err := scorer.Score(t.Context(), pairs.String(), texts[:1]); err != nil || len(scores[0].Words) == 0 || len(scores[0].Words) != len(scores[0].Query.Spans) {
		t.Errorf("%d words are compared, %d have a place, error %v", len(scores[0].Words), len(scores[0].Query.Spans), err)
	}
}

package static_test

import (
	"encoding/hex"
	"math/rand/v2"
	"reflect"
	"testing"

	"dalil/embedder/static"
)

// Profiles that are kept give the scores of the texts, and bytes that are no
// profile give none.
func TestScoresOfProfiles(t *testing.T) {
	e, err := static.Default()
	if err != nil {
		t.Fatal(err)
	}
	scorer := e.NewScorer(static.ScorerOptions{Sentences: byStop})
	texts := []string{
		"Rivers run to the sea. Fish swim in rivers.", "", "تجري الأنهار إلى البحر. الجبال عالية.", "???", "A ministerial meeting on unpronounceablewordology. Poverty!",
	}
	var profiles [][]byte
	for _, text := range texts {
		profiles = append(profiles, scorer.Profile(text))
	}
	for _, question := range []string{"rivers", "what runs to the sea", "الفقر poverty", "", "?"} {
		want, err := scorer.Score(t.Context(), question, texts)
		if err != nil {
			t.Fatal(err)
		}
		got, err := scorer.ScoreProfiles(t.Context(), question, profiles, nil)
		if err != nil {
			t.Fatal(err)
		}
		for i := range want {
			if !reflect.DeepEqual(got[i], want[i]) {
				t.Errorf("%q, %q: scores %+v of the profile, %+v of the text", question, texts[i], got[i], want[i])
			}
		}
	}
	random := rand.New(rand.NewPCG(5, 5))
	for range 20_000 {
		broken := append([]byte(nil), profiles[random.IntN(len(profiles))]...)
		for range 1 + random.IntN(3) {
			broken[random.IntN(len(broken))] ^= 1 << random.IntN(8)
		}
		broken = broken[:random.IntN(len(broken)+1)]
		scores, err := scorer.ScoreProfiles(t.Context(), "rivers run", [][]byte{broken, profiles[0]}, nil)
		if err != nil || len(scores) != 2 {
			t.Fatalf("%s: %v", hex.EncodeToString(broken), err)
		}
	}
	// Sentences whose lengths together are more than an int32 can hold.
	long := append([]byte{profiles[0][0]}, 0xff, 0x7f) // 16,383 sentences
	for range 16_383 {
		long = append(long, 0xff, 0xff, 0x0c, 0, 0, 0, 0) // of 212,991 tokens
	}
	long = append(long, make([]byte, 100_000)...)
	long = append(long, 3, 0)
	if got, err := scorer.ScoreProfiles(t.Context(), "rivers run", [][]byte{long}, nil); err != nil || got[0].Late != 0 {
		t.Errorf("scores %+v of bytes that are no profile (%v)", got, err)
	}
}

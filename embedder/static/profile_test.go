package static_test

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"dalil/embedder/safetensors"
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

// A profile with a token that the model does not have is refused, wherever the token is:
// numbers of two bytes are read four at once, the last ones one by one.
func TestTokensOutOfRangeAreRefused(t *testing.T) {
	for _, size := range []int{4, 1<<15 + 1} { // tokens of two bytes and of four
		m := newTiny()
		var more strings.Builder
		vectors := make([]float32, 2*size)
		copy(vectors, []float32{9, 9, 1, 0, 0, 1, 3, 4})
		for id := 4; id < size; id++ {
			fmt.Fprintf(&more, `,"w%d":%d`, id, id)
		}
		m.tensors["embeddings"] = safetensors.FromFloat32(vectors, size, 2)
		m.tokenizer = strings.Replace(m.tokenizer, `"c":3`, `"c":3`+more.String(), 1)
		e, err := static.Load(m.files(t), static.Options{})
		if err != nil {
			t.Fatal(err)
		}
		scorer := e.NewScorer(static.ScorerOptions{Sentences: byStop})
		sound := scorer.Profile("a b c a b c a b c a b")
		width, tokens := int(sound[0]), int(sound[2])
		if tokens != 11 || len(sound) != 7+width*tokens {
			t.Fatalf("%d tokens: a profile of %d bytes with %d tokens", size, len(sound), tokens)
		}
		for at := -1; at < tokens; at++ { // -1: none is out of range
			profile := bytes.Clone(sound)
			if at >= 0 {
				copy(profile[7+at*width:], binary.LittleEndian.AppendUint32(nil, uint32(size)<<1|1)[:width])
			}
			got, err := scorer.ScoreProfiles(t.Context(), "a", [][]byte{profile}, nil)
			if err != nil {
				t.Fatal(err)
			}
			if scored := got[0].Late > 0; scored != (at < 0) {
				t.Errorf("%d tokens: the one at %d is out of range: scores %+v", size, at, got[0])
			}
		}
	}
}

// Words whose vectors cancel each other are in no sentence. They match words of the query,
// but only for their own text.
func TestWordsInNoSentence(t *testing.T) {
	m := newTiny()
	m.tensors["embeddings"] = safetensors.FromFloat32([]float32{9, 9, 1, 0, -1, 0, 3, 4, 0, 1}, 5, 2)
	m.tokenizer = `{"model":{"type":"WordLevel","unk_token":"?","vocab":{"?":0,"east":1,"west":2,"slope":3,"north":4}},"pre_tokenizer":{"type":"Whitespace"}}`
	e, err := static.Load(m.files(t), static.Options{})
	if err != nil {
		t.Fatal(err)
	}
	texts := []string{"slope. east west", "north.", "east west.", "slope north."}
	got, err := e.NewScorer(static.ScorerOptions{Sentences: byStop}).Score(t.Context(), "east", texts)
	if err != nil {
		t.Fatal(err)
	}
	want := []static.Scores{
		{Late: 1, Sentence: .6},
		{},
		{Late: 1},
		{Late: .6 * .6 * .6, Sentence: float32(3 / math.Sqrt(34))},
	}
	if diff := cmp.Diff(want, got, cmpopts.EquateApprox(0, 1e-5), onlyScores); diff != "" {
		t.Errorf("scores (-want +got):\n%s", diff)
	}
}

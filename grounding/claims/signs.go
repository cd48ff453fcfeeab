package claims

import (
	_ "embed"
	"math"
	"slices"

	"dalil/logistic"
)

// The signs of one comparison of a claim with a sentence of the sources. The shares
// weigh words by their rarity and by what they mean.
const (
	signCover  = iota // share of the claim's words that the sentence has, by rarity alone, 0 to 1
	signMeant         // the same share by rarity and meaning, 0 to 1
	signLate          // late interaction of the claim with the sentence, 0 to 1
	signCosine        // cosine similarity of both, -1 to 1
	signFit           // length of the shorter of both in lengths of the longer, above 0, at most 1
	signBack          // share of the sentence's words that the claim has, times signFit: a long sentence may say more, 0 to 1
	signBoth          // geometric mean of signMeant and that share, times signFit, 0 to 1
	signLack          // the greatest share of one word of the claim that the sentence does not have, 0 to 1
	signLength        // logarithm of the sentence's length in lengths of the claim
	signShort         // the negative part of it, as a positive number

	// How far the sentence exceeds what is usual among the sentences of the sources;
	// signBackAbove times signFit.
	signMeantAbove
	signLateAbove
	signCosineAbove
	signBackAbove
	signs
)

// SignNames returns the names of the signs, in their order.
func SignNames() []string {
	return []string{
		"cover", "meant", "late", "cosine", "fit", "back", "both", "lack", "length", "short",
		"meant_above", "late_above", "cosine_above", "back_above",
	}
}

//go:embed model.json
var model []byte

// openModel reads the built-in weights of the signs.
func openModel() (*logistic.Model, error) { return logistic.Load(model, SignNames()) }

// usual are the values of signs for sentences that do not support a claim, the means
// over training text. If there are few sentences, these values stand for others.
var usual = [...]struct {
	of, above int
	value     float64
}{
	{signMeant, signMeantAbove, 0.25},
	{signLate, signLateAbove, 0.1},
	{signCosine, signCosineAbove, 0.15},
	{signBack, signBackAbove, 0.25},
}

const (
	// leastUsual is how many sentences are enough to say what is usual among them.
	leastUsual = 5
	// mostAbove is how far the usual value may exceed that of training text. It
	// matters if most sentences of the sources say the same as the claim.
	mostAbove = 0.15
)

// compareWithUsual fills the signs that compare a sentence with the others, and scales
// those that depend on the lengths.
func compareWithUsual(scores []score, sentences []sentence) {
	for _, u := range usual {
		var values []float64
		for i := range scores {
			if sentences[i].single() {
				values = append(values, scores[i].signs[u.of])
			}
		}
		for len(values) < leastUsual {
			values = append(values, u.value)
		}
		slices.Sort(values)
		base := min(values[len(values)/2], u.value+mostAbove)
		for i := range scores {
			scores[i].signs[u.above] = scores[i].signs[u.of] - base
		}
	}
	for i := range scores {
		s := &scores[i].signs
		s[signBoth] = math.Sqrt(max(0, s[signMeant]*s[signBack]))
		for _, scaled := range []int{signBack, signBoth, signBackAbove} {
			s[scaled] *= s[signFit]
		}
	}
}

// compareLengths fills the signs of the lengths.
func compareLengths(s *score, claim *claimText, of *sentence) {
	length := math.Log(float64(max(of.words, 1)) / float64(max(claim.words, 1)))
	s.signs[signLength], s.signs[signShort], s.signs[signFit] = length, max(0, -length), math.Exp(-math.Abs(length))
}

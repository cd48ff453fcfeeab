package claims_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"

	"dalil/corpus"
	"dalil/grounding/claims"
	"dalil/internal/training"
	fit "dalil/internal/training/claims"
)

// shared compares by one sign: how many words of the claim the sentence has.
type shared struct{}

func (shared) Compare(_ context.Context, claim string, sources []corpus.Source) ([]claims.Comparison, error) {
	var all []claims.Comparison
	for i, source := range sources {
		signs := make([]float64, len(claims.SignNames()))
		for _, word := range strings.Fields(claim) {
			if strings.Contains(source.Text, word) {
				signs[0]++
			}
		}
		all = append(all, claims.Comparison{Source: i, Signs: signs})
	}
	return all, nil
}

// pairs are sentences of which each side has the same words.
func pairs() []training.Pair {
	var all []training.Pair
	for i := range 40 {
		var words []string
		for j := range 14 {
			words = append(words, fmt.Sprintf("w%d-%d", i, j))
		}
		text := strings.Join(words, " ")
		all = append(all, training.Pair{Source: text, Target: text + " more"})
	}
	return all
}

func TestTheModelFindsWhatTellsSupportFromDistraction(t *testing.T) {
	examples, err := fit.Examples(t.Context(), shared{}, [][]training.Pair{pairs()})
	if err != nil {
		t.Fatal(err)
	}
	if len(examples) < 150 {
		t.Errorf("%d claims of 34 pairs, six of each", len(examples))
	}
	for _, e := range examples {
		if e.With[0].Signs[0] < 2 || e.Without[0].Signs[0] > 1 || e.Weight <= 0 {
			t.Fatalf("%+v", e)
		}
	}
	model, err := fit.Fit(examples)
	if err != nil {
		t.Fatal(err)
	}
	signs := make([]float64, len(claims.SignNames()))
	without := model.Probability(signs)
	if signs[0] = 10; without > 0.2 || model.Probability(signs) < 0.8 {
		t.Errorf("support %.2f without shared words, %.2f with ten", without, model.Probability(signs))
	}
	again, err := fit.Fit(examples)
	if err != nil || !bytes.Equal(again.Encode(), model.Encode()) {
		t.Errorf("a second fit gives another model (%v)", err)
	}
}

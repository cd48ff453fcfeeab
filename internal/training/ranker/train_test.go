package ranker_test

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"dalil/internal/training/ranker"
)

var names = []string{"fused", "coverage", "words"}

// questions make a world in which short questions want coverage, long ones the
// fused score, and a candidate is relevant for that alone.
func questions(n int, seed uint64) []ranker.Example {
	random := rand.New(rand.NewPCG(seed, 3))
	all := make([]ranker.Example, n)
	for i := range all {
		e := &all[i]
		e.Set, e.Ideal = "world", ranker.IdealDCG([]int{1})
		words := float32(1 + 9*random.IntN(2))
		best, most := 0, float32(-1)
		for c := range 20 {
			row := []float32{random.Float32(), random.Float32(), words}
			e.Features, e.Gains, e.Documents = append(e.Features, row), append(e.Gains, 0), append(e.Documents, string(rune('a'+c)))
			value := row[0]
			if words == 1 {
				value = row[1]
			}
			if value > most {
				best, most = c, value
			}
		}
		e.Gains[best] = 1
	}
	return all
}

var direction = map[string]int{"fused": 1, "coverage": 1}

func TestTheTreesLearnWhatALinearMixCannot(t *testing.T) {
	model, err := ranker.Train(questions(300, 1), names, ranker.Options{Direction: direction})
	if err != nil {
		t.Fatal(err)
	}
	line := ranker.Report(questions(200, 2), model)[0]
	if line.After < line.Before+.2 || line.After < .8 {
		t.Errorf("nDCG@10 on new questions %.3f before the trees and %.3f with them; want a gain of .2 and .8", line.Before, line.After)
	}
}

func TestAFeatureNeverMovesTheScoreAgainstItsDirection(t *testing.T) {
	examples := questions(300, 1)
	for i := range examples { // a world that contradicts the direction of coverage
		for c, row := range examples[i].Features {
			examples[i].Gains[c] = 0
			if row[1] < .1 {
				examples[i].Gains[c] = 1
			}
		}
	}
	model, err := ranker.Train(examples, names, ranker.Options{Direction: direction})
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(5, 5))
	for range 2000 {
		low := []float32{random.Float32(), random.Float32(), float32(1 + 9*random.IntN(2))}
		high := []float32{low[0], low[1] + random.Float32(), low[2]}
		if a, b := model.Score(low), model.Score(high); a > b+1e-3 {
			t.Fatalf("coverage %.3f scores %.4f and coverage %.3f scores %.4f", low[1], a, high[1], b)
		}
	}
}

func TestTheSameQuestionsGiveTheSameTrees(t *testing.T) {
	a, err := ranker.Train(questions(100, 1), names, ranker.Options{Trees: 5})
	if err != nil {
		t.Fatal(err)
	}
	b, err := ranker.Train(questions(100, 1), names, ranker.Options{Trees: 5})
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(a.Encode(), b.Encode()) {
		t.Error("two runs gave different trees")
	}
	if _, err := ranker.Train(nil, names, ranker.Options{}); err == nil {
		t.Error("no questions gave a model")
	}
}

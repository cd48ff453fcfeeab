package searcher_test

import (
	"context"
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"dalil/corpus"
	"dalil/embedder"
	"dalil/searcher"
	"dalil/searcher/trees"
)

var nouns = strings.Fields(`anchor basket candle dagger engine falcon garden hammer island jacket kettle ladder
	magnet needle orchard pepper quarry ribbon saddle tunnel umbrella violin walnut yogurt`)

// judge is a model that knows which noun a text means: mostly right with noise
// 0.05, by chance with a large one. A passage means its noun, a question the
// noun that stands before the asked one in the list.
type judge struct {
	embedder.Embedder
	noise float64
}

func (j judge) Embed(_ context.Context, role embedder.Role, texts []string) (embedder.Embeddings, error) {
	answer := embedder.Embeddings{}
	for _, text := range texts {
		h := fnv.New64a()
		fmt.Fprint(h, role, text)
		noise := rand.New(rand.NewPCG(1, h.Sum64()))
		v := make(corpus.Vector, 64)
		for i := range v {
			v[i] = float32(j.noise * noise.NormFloat64())
		}
		noun := slices.IndexFunc(nouns, func(n string) bool { return strings.Contains(text, n) })
		if role == embedder.Query {
			noun = (noun + len(nouns) - 1) % len(nouns)
		}
		v[noun]++
		var norm float64
		for _, x := range v {
			norm += float64(x) * float64(x)
		}
		for i := range v {
			v[i] /= float32(math.Sqrt(norm))
		}
		answer.Vectors = append(answer.Vectors, v)
	}
	return answer, nil
}

// plain finds every text as good.
type plain struct{}

func (plain) Rerank(_ context.Context, _ string, texts []string) ([]searcher.Reranking, error) {
	return make([]searcher.Reranking, len(texts)), nil
}

// Without weights of its own, a model whose scores part the candidates leads the
// ranking, and one whose scores are chance leaves it to the words.
func TestTheWeightOfAnUnknownModelFollowsItsScores(t *testing.T) {
	for name, c := range map[string]struct {
		noise float64
		by    string // what must decide
	}{"strong": {.05, "meaning"}, "random": {100, "words"}} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t, nil)
			f.deps.Embedder, f.deps.Reranker = judge{f.deps.Embedder, c.noise}, plain{}
			for _, noun := range nouns {
				f.put(t, noun, "1", []string{"The museum bought this " + noun + " in spring."})
			}
			ranker, err := trees.Default(searcher.FeatureNames())
			if err != nil {
				t.Fatal(err)
			}
			s := searcher.New(f.deps, searcher.Options{AdaptDense: true, Ranker: ranker})
			first := map[string]int{}
			for i, noun := range nouns {
				switch search(t, s, corpus.Query{Text: "museum " + noun}).Passages[0].Document.ID {
				case noun:
					first["words"]++
				case nouns[(i+len(nouns)-1)%len(nouns)]:
					first["meaning"]++
				}
			}
			if first[c.by] < len(nouns)-1 {
				t.Errorf("%v of %d questions are led by %s", first, len(nouns), c.by)
			}
		})
	}
}

// A model whose scores overlap leads long questions and sentences if it was measured to be
// better than the words, and no short topics.
func TestAMeasuredModelLeadsLongQuestions(t *testing.T) {
	f := newFixture(t, nil)
	f.deps.Embedder, f.deps.Reranker = judge{f.deps.Embedder, .17}, plain{}
	for _, noun := range nouns {
		f.put(t, noun, "1", []string{"The museum in the harbour bought this " + noun + " in spring."})
	}
	ranker, err := trees.Default(searcher.FeatureNames())
	if err != nil {
		t.Fatal(err)
	}
	byMeaning := func(longDense float64, question, end string) (n int) {
		s := searcher.New(f.deps, searcher.Options{AdaptDense: true, LongDense: longDense, Ranker: ranker})
		for i, noun := range nouns {
			if search(t, s, corpus.Query{Text: question + noun + end}).Passages[0].Document.ID == nouns[(i+len(nouns)-1)%len(nouns)] {
				n++
			}
		}
		return n
	}
	for _, c := range []struct {
		question, end string
		long          bool
	}{
		{"museum ", "", false},
		{"museum harbour bought spring ", "", true},
		{"what is the museum's ", "?", true},
		{"“The museum bought a ", ".”", true},
		{"U.S. museum ", "", false},
	} {
		measured, unknown := byMeaning(20, c.question, c.end), byMeaning(0, c.question, c.end)
		if c.long && measured <= unknown || !c.long && measured != unknown {
			t.Errorf("%q: meaning leads %d of %d questions with the measured weight, %d without", c.question+"…"+c.end, measured, len(nouns), unknown)
		}
	}
}

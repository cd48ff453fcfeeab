package searcher_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"dalil/corpus"
	"dalil/searcher"
	"dalil/store"
)

// newsroom has articles that repeat each other in part.
func newsroom(seed uint64) map[string][]string {
	random := rand.New(rand.NewPCG(seed, 3))
	words := []string{"river", "flood", "spring", "dam", "harbour", "rain", "bridge", "valley", "water", "storm"}
	articles := map[string][]string{}
	for i := range 30 {
		var sentences []string
		for range 1 + random.IntN(4) {
			s := ""
			for range 6 {
				s += words[random.IntN(len(words))] + " "
			}
			sentences = append(sentences, s+". ")
		}
		articles[fmt.Sprintf("%02d", i)] = sentences
	}
	return articles
}

// Each passage is the one with the greatest marginal relevance, by the vectors as they are
// stored; those below the best that are reranked keep their places.
func TestDiversityIsMarginalRelevance(t *testing.T) {
	f := newFixture(t, newsroom(1))
	for _, depth := range []int{12, 200} {
		s := searcher.New(f.deps, searcher.Options{RerankDepth: depth})
		for _, d := range []float32{0.2, 0.5, 0.8, 1} {
			plain := search(t, s, corpus.Query{Text: "river flood in spring", Limit: 100}).Passages
			got := search(t, s, corpus.Query{Text: "river flood in spring", Limit: 100, Diversity: d}).Passages
			best := min(depth, len(plain))
			low, top := float64(plain[best-1].Scores.Fused), float64(plain[0].Scores.Fused)
			ids := make([]corpus.ChunkID, len(got))
			for i := range got {
				ids[i] = got[i].Chunk.ID
			}
			points, err := f.store.Chunks(t.Context(), ids, store.WithDense)
			if err != nil {
				t.Fatal(err)
			}
			value := func(i, chosen int) float64 {
				nearest := -1.0
				for j := range chosen {
					sum := 0.0
					for k, x := range points[i].Dense {
						sum += float64(x) * float64(points[j].Dense[k])
					}
					nearest = max(nearest, sum)
				}
				return (1-float64(d))*(float64(got[i].Scores.Fused)-low)/(top-low) - float64(d)*nearest
			}
			moved := false
			for i := range got {
				moved = moved || got[i].Chunk.ID != plain[i].Chunk.ID
				if i >= best && got[i].Chunk.ID != plain[i].Chunk.ID {
					t.Errorf("depth %d, diversity %v: passage %d below the best changed its place", depth, d, i)
				}
				for j := i + 1; j < best; j++ {
					if mine, other := value(i, i), value(j, i); mine < other-1e-4 && !math.IsNaN(other) {
						t.Errorf("depth %d, diversity %v: passage %d has the value %v, passage %d would have %v", depth, d, i, mine, j, other)
					}
				}
			}
			if !moved || got[0].Chunk.ID != plain[0].Chunk.ID {
				t.Errorf("depth %d, diversity %v: moved: %v, the first passage is %s, want %s", depth, d, moved, got[0].Chunk.ID, plain[0].Chunk.ID)
			}
		}
	}
}

// Stores without the ability read documents and vectors instead, and give the same answer.
type plainReader struct{ store.Reader }

func TestOptionsOnAnyStore(t *testing.T) {
	f := newFixture(t, newsroom(2))
	q := corpus.Query{
		Text: "river flood in spring", Limit: 100, Diversity: 0.5, Collapse: true, PerDocument: 2,
		Facets: []corpus.FacetRequest{{Field: corpus.FacetField{Kind: corpus.FacetTag}, Limit: 100}},
	}
	with := search(t, searcher.New(f.deps, searcher.Options{}), q)
	f.deps.Store = plainReader{f.store}
	without := search(t, searcher.New(f.deps, searcher.Options{}), q)
	if a, b := texts(with), texts(without); !slices.Equal(a, b) || len(a) == 0 {
		t.Errorf("passages %q, want %q", b, a)
	}
	if a, b := fmt.Sprint(with.Facets), fmt.Sprint(without.Facets); a != b || len(with.Facets[0].Values) == 0 {
		t.Errorf("facets %s, want %s", b, a)
	}
}

package local_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"dalil/corpus"
	"dalil/store"
	"dalil/store/local"
)

const smallDimensions = 24

func smallPipeline() corpus.Pipeline {
	return corpus.Pipeline{Model: "small", ModelRevision: "1", Dimensions: smallDimensions, Analyzer: "a", Chunker: "c"}
}

func openSmall(t testing.TB, dir string) *local.Store {
	t.Helper()
	s, err := local.Open(t.Context(), local.Options{Dir: dir, Pipeline: smallPipeline()})
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func create(t testing.TB, s *local.Store) {
	t.Helper()
	if err := createSmall(t.Context(), s); err != nil {
		t.Fatalf("create: %v", err)
	}
}

func createSmall(ctx context.Context, s *local.Store) error {
	_, err := s.Create(ctx, store.Settings{Pipeline: smallPipeline(), AverageLength: 10})
	return err
}

func put(t testing.TB, s *local.Store, entries ...store.Entry) {
	t.Helper()
	if err := s.Put(t.Context(), entries); err != nil {
		t.Fatalf("put: %v", err)
	}
}

// smallEntry depends on its arguments alone.
func smallEntry(id, revision string, chunks int) store.Entry {
	seed := uint64(chunks)
	for _, c := range id + "@" + revision {
		seed = seed*31 + uint64(c)
	}
	random := rand.New(rand.NewPCG(seed, 3))
	e := store.Entry{
		Document: corpus.Document{
			ID: id, Title: id, Language: []string{"ar", "en"}[random.IntN(2)], Tags: []string{fmt.Sprint(random.IntN(5))},
			Metadata: map[string]corpus.Value{"n": corpus.Number(float64(random.IntN(30)))},
		},
		Fingerprint: revision,
	}
	for i := range chunks {
		text := fmt.Sprintf("%s %s %d", id, revision, i)
		e.Points = append(e.Points, store.Point{
			Chunk: corpus.Chunk{
				ID: corpus.NewChunkID(id, revision, i), DocumentID: id, Revision: revision, Ordinal: i,
				Span: corpus.Span{Start: i, End: i + len(text)}, Text: text,
			},
			Dense: smallVector(random), Sparse: smallSparse(random, 15),
		})
	}
	return e
}

func smallVector(random *rand.Rand) corpus.Vector {
	v := make(corpus.Vector, smallDimensions)
	var square float64
	for i := range v {
		v[i] = float32(random.NormFloat64())
		square += float64(v[i]) * float64(v[i])
	}
	for i := range v {
		v[i] /= float32(math.Sqrt(square))
	}
	return v
}

func smallSparse(random *rand.Rand, most int) corpus.Sparse {
	s := corpus.Sparse{Dimensions: []uint32{}, Weights: []float32{}}
	for d := random.IntN(20); d < 3000 && s.Len() < most; d += 1 + random.IntN(1+d/2) {
		s.Dimensions = append(s.Dimensions, uint32(d)*1_400_000)
		s.Weights = append(s.Weights, float32(1+random.IntN(30))/8)
	}
	return s
}

// smallQuestions are both arms, some with filters.
func smallQuestions(seed uint64, n int) [][]store.ArmQuery {
	random := rand.New(rand.NewPCG(seed, 4))
	var all [][]store.ArmQuery
	for range n {
		arms := []store.ArmQuery{{Dense: smallVector(random), Limit: 20}, {Sparse: smallSparse(random, 15), Limit: 20}}
		if random.IntN(2) == 0 {
			f := corpus.Filter{In: &corpus.In{Field: corpus.FieldTag, Values: []string{fmt.Sprint(random.IntN(5))}}}
			arms[0].Filter, arms[1].Filter = f, corpus.Filter{Not: &f}
		}
		all = append(all, arms)
	}
	return all
}

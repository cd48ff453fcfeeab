package storetest

import (
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"dalil/corpus"
	"dalil/store"
)

// unit is a vector of unit length that depends on the seed alone.
func unit(seed uint64) corpus.Vector {
	return direction(rand.New(rand.NewPCG(seed, 7)))
}

func direction(random *rand.Rand) corpus.Vector {
	v := make(corpus.Vector, Dimensions)
	for i := range v {
		v[i] = float32(random.NormFloat64())
	}
	return normalised(v)
}

func normalised(v corpus.Vector) corpus.Vector {
	var square float64
	for _, x := range v {
		square += float64(x) * float64(x)
	}
	for i := range v {
		v[i] = float32(float64(v[i]) / math.Sqrt(square))
	}
	return v
}

// entry is a document whose content depends on its name, revision and number
// of chunks alone.
func entry(id, revision string, chunks int) store.Entry {
	random := rand.New(rand.NewPCG(hash(id), hash(revision)))
	e := store.Entry{
		Document: corpus.Document{
			ID: id, Title: "On " + id, URL: "https://example.org/" + id, Language: []string{"ar", "en", ""}[random.IntN(3)],
			Root:   []string{"", "/srv/news", "-"}[random.IntN(3)],
			Source: "feed/" + []string{"a", "b"}[random.IntN(2)], Author: []string{"", "ليلى", "Omar"}[random.IntN(3)],
		},
		Fingerprint: "fp-" + id + "-" + revision,
	}
	if random.IntN(3) > 0 {
		e.Document.PublishedAt = time.Date(2020+random.IntN(5), 1, 1+random.IntN(300), 3, 0, 0, 0, time.UTC)
	}
	for range random.IntN(3) {
		e.Document.Tags = append(e.Document.Tags, []string{"news", "اقتصاد", "sport"}[random.IntN(3)])
	}
	if random.IntN(2) == 0 {
		e.Document.Metadata = values("score", random.IntN(20), "desk", []string{"x", "y"}[random.IntN(2)])
	}
	at := 0
	for i := range chunks {
		text := fmt.Sprintf("%s %s: passage %d، فقرة.\n", id, revision, i)
		e.Points = append(e.Points, store.Point{
			Chunk: corpus.Chunk{
				ID: corpus.NewChunkID(id, revision, i), DocumentID: id, Revision: revision, Ordinal: i,
				Span: corpus.Span{Start: at, End: at + len(text)}, Text: text,
			},
			Dense: direction(random), Sparse: terms(random, 12),
		})
		if i%3 > 0 {
			e.Points[i].Chunk.Headings = []string{"On " + id, fmt.Sprintf("القسم %d", i)}[:i%3]
		}
		at += len(text)
	}
	return e
}

// terms is a sparse vector over few dimensions, so that documents share them.
func terms(random *rand.Rand, most int) corpus.Sparse {
	s := corpus.Sparse{Dimensions: []uint32{}, Weights: []float32{}}
	for d := range uint32(30) {
		if random.IntN(30) < most {
			// Dimensions are hashes: they fill all 32 bits.
			s.Dimensions = append(s.Dimensions, d*143_165_576+uint32(d%2))
			s.Weights = append(s.Weights, float32(1+random.IntN(40))/16)
		}
	}
	return s
}

func hash(s string) uint64 { // FNV-1a
	h := uint64(14695981039346656037)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return h
}

// single is a document of one chunk with the given vectors.
func single(id string, dense corpus.Vector, sparse corpus.Sparse) store.Entry {
	e := entry(id, "1", 1)
	e.Points[0].Dense = dense
	e.Points[0].Sparse = sparse
	return e
}

func sparse(pairs ...float32) corpus.Sparse {
	s := corpus.Sparse{Dimensions: []uint32{}, Weights: []float32{}}
	for i := 0; i < len(pairs); i += 2 {
		s.Dimensions = append(s.Dimensions, uint32(pairs[i]))
		s.Weights = append(s.Weights, pairs[i+1])
	}
	return s
}

func in(field corpus.Field, values ...string) corpus.Filter {
	return corpus.Filter{In: &corpus.In{Field: field, Values: values}}
}

func not(f corpus.Filter) corpus.Filter { return corpus.Filter{Not: &f} }

func pointer[T any](x T) *T { return &x }

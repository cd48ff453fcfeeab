package local_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"dalil/corpus"
	"dalil/store"
)

// The figures of the embedded store: 100,000 passages of 600 letters, 256
// dimensions in clusters, terms by Zipf's law, five passages a document.
const (
	benchPassages   = 100_000
	benchDimensions = 256
	benchChunks     = 5
	benchCandidates = 100
)

func benchPipeline() corpus.Pipeline {
	return corpus.Pipeline{Model: "bench", ModelRevision: "1", Dimensions: benchDimensions, Analyzer: "bench", Chunker: "bench"}
}

// generator makes documents and questions, the same ones for a seed.
type generator struct {
	random  *rand.Rand
	centres [][]float32
	terms   *rand.Zipf
	sounds  *rand.Zipf
}

// centres are equal for all seeds.
var centres = sync.OnceValue(func() (all [][]float32) {
	g := &generator{random: rand.New(rand.NewPCG(1, 1))}
	for range 400 {
		all = append(all, g.direction(nil, 1))
	}
	return all
})

func newGenerator(seed uint64) *generator {
	g := &generator{random: rand.New(rand.NewPCG(seed, 2)), centres: centres()}
	g.terms = rand.NewZipf(g.random, 1.1, 20, 150_000)
	g.sounds = rand.NewZipf(g.random, 1.1, 10, 20_000)
	return g
}

func (g *generator) direction(centre []float32, spread float64) corpus.Vector {
	v := make(corpus.Vector, benchDimensions)
	var square float64
	for i := range v {
		x := g.random.NormFloat64() * spread / math.Sqrt(benchDimensions)
		if centre != nil {
			x += float64(centre[i])
		}
		v[i] = float32(x)
		square += x * x
	}
	for i := range v {
		v[i] = float32(float64(v[i]) / math.Sqrt(square))
	}
	return v
}

// sparse is the vector of about a hundred words: 65 stems that count and as many sounds.
func (g *generator) sparse(words int) corpus.Sparse {
	counts := map[uint32]int{}
	for range words {
		counts[uint32(g.terms.Uint64())*2_654_435_761]++
	}
	weights := map[uint32]float32{}
	for d, n := range counts {
		tf := float64(n)
		weights[d] = float32(tf * 2.2 / (tf + 1.2*(0.25+0.75*float64(words)/70)))
	}
	for range words {
		weights[uint32(g.sounds.Uint64())*2_246_822_519^0x5bd1e995] = 1
	}
	return sorted(weights)
}

func sorted(weights map[uint32]float32) corpus.Sparse {
	var s corpus.Sparse
	for d := range weights {
		s.Dimensions = append(s.Dimensions, d)
	}
	slices.Sort(s.Dimensions)
	for _, d := range s.Dimensions {
		s.Weights = append(s.Weights, weights[d])
	}
	return s
}

var benchWords = strings.Fields("السلطات أعلنت اليوم عن برنامج جديد للتعاون الاقتصادي بين الدول العربية والصين في مجال الحد من الفقر وتنمية الريف وتعزيز التجارة")

func benchID(n int) string { return fmt.Sprintf("news/%06d", n) }

func (g *generator) entry(n int) store.Entry {
	id := benchID(n)
	e := store.Entry{Fingerprint: fmt.Sprint("fp", n), Document: corpus.Document{
		ID: id, Title: "خبر رقم " + strconv.Itoa(n), URL: "https://example.org/" + id, Source: "feed-" + strconv.Itoa(n%20),
		Language: []string{"ar", "en"}[n%4/3], Author: "author " + strconv.Itoa(n%500), Tags: []string{"tag" + strconv.Itoa(n%50)},
		PublishedAt: time.Date(2024, 1, 1, n%24, 0, 0, 0, time.UTC).AddDate(0, 0, n%700),
	}}
	centre := g.centres[g.random.IntN(len(g.centres))]
	at := 0
	for i := range benchChunks {
		var text strings.Builder
		for letters := 0; letters < 600; {
			w := benchWords[g.random.IntN(len(benchWords))]
			letters += len([]rune(w)) + 1
			text.WriteString(w + " ")
		}
		e.Points = append(e.Points, store.Point{
			Chunk: corpus.Chunk{
				ID: corpus.NewChunkID(id, "r", i), DocumentID: id, Revision: "r", Ordinal: i,
				Span: corpus.Span{Start: at, End: at + text.Len()}, Text: text.String(),
			},
			Dense: g.direction(centre, 0.8), Sparse: g.sparse(55 + g.random.IntN(30)),
		})
		at += text.Len()
	}
	return e
}

// question is what the read path asks: five words, each with ten translations,
// and their sounds.
func (g *generator) question() []store.ArmQuery {
	weights := map[uint32]float32{}
	for range 50 {
		weights[uint32(g.terms.Uint64()+20)*2_654_435_761] = 0.1 + g.random.Float32()
	}
	for range 4 {
		weights[uint32(g.sounds.Uint64()+20)*2_246_822_519^0x5bd1e995] = 1
	}
	return []store.ArmQuery{
		{Dense: g.direction(g.centres[g.random.IntN(len(g.centres))], 0.8), Limit: benchCandidates},
		{Sparse: sorted(weights), Limit: benchCandidates},
	}
}

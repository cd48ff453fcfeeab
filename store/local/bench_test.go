package local_test

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dalil/corpus"
	"dalil/store"
	"dalil/store/local"
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

func newGenerator(seed uint64) *generator {
	g := &generator{random: rand.New(rand.NewPCG(1, 1))}
	for range 400 { // equal for all seeds
		g.centres = append(g.centres, g.direction(nil, 1))
	}
	g.random = rand.New(rand.NewPCG(seed, 2))
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

func (g *generator) entry(n int) store.Entry {
	id := fmt.Sprintf("news/%06d", n)
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
func (g *generator) question() []store.Arm {
	weights := map[uint32]float32{}
	for range 50 {
		weights[uint32(g.terms.Uint64()+20)*2_654_435_761] = 0.1 + g.random.Float32()
	}
	for range 4 {
		weights[uint32(g.sounds.Uint64()+20)*2_246_822_519^0x5bd1e995] = 1
	}
	return []store.Arm{
		{Dense: g.direction(g.centres[g.random.IntN(len(g.centres))], 0.8), Limit: benchCandidates},
		{Sparse: sorted(weights), Limit: benchCandidates},
	}
}

var bench struct {
	once sync.Once
	dir  string
	err  error
}

// benchFolder is filled once for all benchmarks; DALIL_BENCH_FOLDER names one
// to keep and use again.
func benchFolder(b *testing.B) string {
	b.Helper()
	bench.once.Do(func() {
		if bench.dir = os.Getenv("DALIL_BENCH_FOLDER"); bench.dir == "" {
			bench.dir, bench.err = os.MkdirTemp("", "dalil-bench")
		} else if _, err := os.Stat(bench.dir); err == nil {
			return
		}
		if bench.err != nil {
			return
		}
		start := time.Now()
		var s *local.Store
		if s, bench.err = local.Open(b.Context(), local.Options{Dir: bench.dir, Pipeline: benchPipeline()}); bench.err != nil {
			return
		}
		bench.err = fillBench(b, s, benchPassages)
		fmt.Printf("# filled %d passages in %v\n", benchPassages, time.Since(start).Round(time.Millisecond))
		closing := time.Now()
		bench.err = cmp.Or(bench.err, s.Close())
		fmt.Printf("# closed in %v\n", time.Since(closing).Round(time.Millisecond))
	})
	if bench.err != nil {
		b.Fatal(bench.err)
	}
	return bench.dir
}

func fillBench(b *testing.B, s *local.Store, passages int) error {
	if _, err := s.Create(b.Context(), store.Settings{Pipeline: benchPipeline(), AverageLength: 70}); err != nil {
		return err
	}
	g := newGenerator(1)
	for n := 0; n < passages/benchChunks; {
		var batch []store.Entry
		for len(batch) < 50 && n < passages/benchChunks {
			batch = append(batch, g.entry(n))
			n++
		}
		if err := s.Put(b.Context(), batch); err != nil {
			return err
		}
	}
	return nil
}

func openBench(b *testing.B) *local.Store {
	b.Helper()
	s, err := local.Open(b.Context(), local.Options{Dir: benchFolder(b), Pipeline: benchPipeline()})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { s.Close() })
	return s
}

// answer is what a query costs the store: both arms, then the text of ten.
func answer(b *testing.B, s *local.Store, arms []store.Arm) {
	found, err := s.Search(b.Context(), arms)
	if err != nil {
		b.Fatal(err)
	}
	ids := make([]corpus.ChunkID, 0, 10)
	for i := 0; len(ids) < 10; i++ {
		if h := found[i%2][i/2]; !slices.Contains(ids, h.ID) {
			ids = append(ids, h.ID)
		}
	}
	points, err := s.Chunks(b.Context(), ids, store.WithText|store.WithDocument)
	if err != nil || len(points) != 10 {
		b.Fatalf("%d points, %v", len(points), err)
	}
}

func BenchmarkAnswer(b *testing.B) {
	s := openBench(b)
	questions := benchQuestions(99)
	var times []time.Duration
	cpu := cpuTime()
	for b.Loop() {
		start := time.Now()
		answer(b, s, questions[len(times)%len(questions)])
		times = append(times, time.Since(start))
	}
	reportCPU(b, cpu)
	slices.Sort(times)
	b.ReportMetric(float64(times[len(times)/2].Microseconds()), "p50-µs")
	b.ReportMetric(float64(times[len(times)*99/100].Microseconds()), "p99-µs")
}

func benchQuestions(seed uint64) [][]store.Arm {
	g := newGenerator(seed)
	questions := make([][]store.Arm, 512)
	for i := range questions {
		questions[i] = g.question()
	}
	return questions
}

func reportCPU(b *testing.B, since time.Duration) {
	b.ReportMetric(float64((cpuTime()-since).Microseconds())/float64(b.N), "cpu-µs/op")
}

func BenchmarkAnswerParts(b *testing.B) {
	s := openBench(b)
	for _, part := range []string{"dense", "sparse", "chunks", "filtered"} {
		b.Run(part, func(b *testing.B) {
			g := newGenerator(99)
			var questions [][]store.Arm
			var ids [][]corpus.ChunkID
			for range 64 {
				q := g.question()
				found, err := s.Search(b.Context(), q)
				if err != nil {
					b.Fatal(err)
				}
				var ten []corpus.ChunkID
				for _, h := range found[0][:10] {
					ten = append(ten, h.ID)
				}
				ids, questions = append(ids, ten), append(questions, q)
			}
			i, cpu := 0, cpuTime()
			defer func() { reportCPU(b, cpu) }()
			for b.Loop() {
				i++
				q := slices.Clone(questions[i%64])
				var err error
				switch part {
				case "dense":
					_, err = s.Search(b.Context(), q[:1])
				case "sparse":
					_, err = s.Search(b.Context(), q[1:])
				case "chunks":
					_, err = s.Chunks(b.Context(), ids[i%64], store.WithText|store.WithDocument)
				case "filtered":
					q[0].Filter = corpus.Filter{All: []corpus.Filter{
						{In: &corpus.In{Field: corpus.FieldLanguage, Values: []string{"ar"}}},
						{Published: &corpus.Published{From: time.Date(2024, 6, 1, 0, 0, 0, 0, time.UTC)}},
					}}
					q[1].Filter = q[0].Filter
					_, err = s.Search(b.Context(), q)
				}
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkAnswerEightCallers(b *testing.B) {
	s := openBench(b)
	questions := benchQuestions(98)
	var next atomic.Int64
	start, cpu := time.Now(), cpuTime()
	b.ResetTimer()
	var callers sync.WaitGroup
	for range 8 {
		callers.Go(func() {
			for {
				i := int(next.Add(1))
				if i > b.N {
					return
				}
				answer(b, s, questions[i%len(questions)])
			}
		})
	}
	callers.Wait()
	reportCPU(b, cpu)
	b.ReportMetric(float64(b.N)/time.Since(start).Seconds(), "queries/s")
}

func BenchmarkOpen(b *testing.B) {
	dir := benchFolder(b)
	for b.Loop() {
		s, err := local.Open(b.Context(), local.Options{Dir: dir, Pipeline: benchPipeline()})
		if err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
}

// Recall against float32 brute force, which the suite proves at small sizes.
func BenchmarkRecall(b *testing.B) {
	s := openBench(b)
	const queries = 100
	g := newGenerator(97)
	arms := make([]store.Arm, queries)
	type best struct {
		id    corpus.ChunkID
		score float64
	}
	want := make([][]best, queries)
	for i := range arms {
		arms[i] = g.question()[0]
		arms[i].Limit = 10
	}
	g = newGenerator(1)
	for n := range benchPassages / benchChunks {
		for _, p := range g.entry(n).Points {
			for q := range arms {
				score := 0.0
				for i, x := range arms[q].Dense {
					score += float64(x) * float64(p.Dense[i])
				}
				if len(want[q]) == 10 && score <= want[q][9].score {
					continue
				}
				want[q] = append(want[q], best{p.Chunk.ID, score})
				slices.SortFunc(want[q], func(a, b best) int { return cmp.Compare(b.score, a.score) })
				want[q] = want[q][:min(10, len(want[q]))]
			}
		}
	}
	hit, most := 0, 0.0
	for b.Loop() {
		hit = 0
		for q := range arms {
			found, err := s.Search(b.Context(), arms[q:q+1])
			if err != nil {
				b.Fatal(err)
			}
			for _, h := range found[0] {
				if at := slices.IndexFunc(want[q], func(w best) bool { return w.id == h.ID }); at >= 0 {
					hit++
					most = max(most, math.Abs(want[q][at].score-float64(h.Score)))
				}
			}
		}
	}
	b.ReportMetric(float64(hit)/(10*queries), "recall@10")
	b.ReportMetric(most*1e6, "score-error-e-6")
}

// BenchmarkMemory opens the folder in a process of its own, asks a thousand
// questions, and reports what the system holds for it.
func BenchmarkMemory(b *testing.B) {
	dir := benchFolder(b)
	for b.Loop() {
		child := exec.CommandContext(b.Context(), os.Args[0], "-test.run=^TestMain$")
		child.Env = append(os.Environ(), roleVariable+"=memory", folderVariable+"="+dir)
		out, err := child.CombinedOutput()
		if err != nil {
			b.Fatalf("%v\n%s", err, out)
		}
		mib, err := strconv.ParseFloat(strings.TrimSpace(string(out)), 64)
		if err != nil {
			b.Fatalf("%s", out)
		}
		b.ReportMetric(mib, "MiB")
	}
}

func BenchmarkPut(b *testing.B) {
	for _, callers := range []int{1, 8} {
		b.Run(fmt.Sprint(callers, "-callers"), func(b *testing.B) {
			s, err := local.Open(b.Context(), local.Options{Dir: b.TempDir(), Pipeline: benchPipeline()})
			if err != nil {
				b.Fatal(err)
			}
			defer s.Close()
			if _, err := s.Create(b.Context(), store.Settings{Pipeline: benchPipeline(), AverageLength: 70}); err != nil {
				b.Fatal(err)
			}
			g := newGenerator(5)
			entries := make([]store.Entry, min(b.N, 2000))
			for i := range entries {
				entries[i] = g.entry(i)
			}
			var next atomic.Int64
			var all sync.WaitGroup
			b.ResetTimer()
			for range callers {
				all.Go(func() {
					for i := int(next.Add(1)); i <= b.N; i = int(next.Add(1)) {
						if err := s.Put(b.Context(), []store.Entry{entries[i%len(entries)]}); err != nil {
							b.Error(err)
						}
					}
				})
			}
			all.Wait()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "documents/s")
		})
	}
}

package local_test

import (
	"cmp"
	"fmt"
	"math"
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
func answer(b *testing.B, s *local.Store, arms []store.ArmQuery) {
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

func benchQuestions(seed uint64) [][]store.ArmQuery {
	g := newGenerator(seed)
	questions := make([][]store.ArmQuery, 512)
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
			var questions [][]store.ArmQuery
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
	arms := make([]store.ArmQuery, queries)
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

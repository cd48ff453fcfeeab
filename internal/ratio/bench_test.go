package ratio

import (
	"context"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dalil/corpus"
	"dalil/embedder"
	"dalil/grounding"
	"dalil/internal/config"
	"dalil/internal/model"
	"dalil/internal/observe"
	"dalil/internal/ratio/nearest"
	dalilv1 "dalil/proto/dalil/v1"
	"dalil/store"
	"dalil/store/local"
)

// BenchmarkQuestions measures a server of this code on DALIL_TEST_PASSAGES
// (100,000) passages of natural text. DALIL_TEST_KEEP names a folder that keeps
// the index for the next run; DALIL_TEST_BUILDS names a program to measure instead;
// DALIL_TEST_PROFILE begins the names of files for profiles.
//
// It prints p50 and p99 of an answer over gRPC, CPU time, allocations; how much longer a
// context takes than a search; the answers a second with 1, 8 and 64 callers; how many of the ten nearest passages (by float64)
// the dense arm finds; the memory; and how long opening takes.
func BenchmarkQuestions(b *testing.B) {
	passages := number(b, "DALIL_TEST_PASSAGES", 100_000)
	m := prepared(b, passages)
	for b.Loop() {
		m.ask(b)
		m.contexts(b)
		m.crowds(b)
		b.Logf("opened in %v, memory %s", m.server.opened.Round(time.Millisecond), m.server.memory(b))
		m.server.stop()
		b.Logf("recall@10 of the dense arm %.4f", m.recall(b))
	}
}

// measured is a server with the questions that it gets.
type measured struct {
	server    *process
	data      string
	source    string // the documents
	questions []string
}

// recalled is how many questions the recall is computed from.
const recalled = 300

func prepared(b *testing.B, passages int) *measured {
	questions := number(b, "DALIL_TEST_QUESTIONS", 2000)
	dir, program := os.Getenv("DALIL_TEST_KEEP"), os.Getenv("DALIL_TEST_BUILDS")
	if dir == "" {
		dir = b.TempDir()
	}
	if program == "" {
		program = filepath.Join(b.TempDir(), "dalil")
		if out, err := exec.Command("go", "build", "-o", program, "dalil/cmd/dalil").CombinedOutput(); err != nil {
			b.Fatalf("%v\n%s", err, out)
		}
	}
	text := naturalText(b)
	source := filepath.Join(dir, fmt.Sprintf("natural-%d.jsonl", passages))
	if _, err := os.Stat(source); err != nil {
		if err := text.Write(source, passages); err != nil {
			b.Fatal(err)
		}
	}
	m := &measured{source: source, data: filepath.Join(dir, fmt.Sprintf("%s-%d", filepath.Base(program), passages))}
	m.server = serve(b, program, m.data, source)
	m.questions = text.Questions(questions)
	return m
}

// kind is one way to ask.
type kind struct {
	name   string
	arms   []dalilv1.Arm
	rerank *bool
	inside []corpus.Arm // arms, for questions in this process
}

func kinds() []kind {
	off := false
	return []kind{
		{"default", nil, nil, nil},
		{"no rerank", nil, &off, nil},
		{"dense", []dalilv1.Arm{dalilv1.Arm_ARM_DENSE}, &off, []corpus.Arm{corpus.Dense}},
		{"lexical", []dalilv1.Arm{dalilv1.Arm_ARM_LEXICAL}, &off, []corpus.Arm{corpus.Lexical}},
	}
}

func (k *kind) request(question string) *dalilv1.SearchRequest {
	return &dalilv1.SearchRequest{Query: question, Arms: k.arms, Rerank: k.rerank}
}

// ask asks one question after another.
func (m *measured) ask(b *testing.B) {
	for _, k := range kinds() {
		for _, q := range m.questions[:min(200, len(m.questions))] { // so that the caches are warm
			m.search(b, k.request(q))
		}
		var profiling sync.WaitGroup
		if name := os.Getenv("DALIL_TEST_PROFILE"); name != "" {
			profiling.Go(func() { m.server.profile(b, "profile", name+"-"+k.name+".cpu", 4) })
			profiling.Go(func() { m.server.profile(b, "allocs", name+"-"+k.name+".allocs", 4) })
		}
		times := make([]time.Duration, 0, len(m.questions))
		allocated, cpu := m.server.metric(b, "go_memstats_mallocs_total"), m.server.cpu(b)
		for _, q := range m.questions {
			began := time.Now()
			m.search(b, k.request(q))
			times = append(times, time.Since(began))
		}
		n := float64(len(m.questions))
		cpu = m.server.cpu(b) - cpu
		allocated = m.server.metric(b, "go_memstats_mallocs_total") - allocated
		slices.Sort(times)
		b.Logf("%-10s p50 %6.2f ms  p99 %6.2f ms  CPU a question %6.2f ms  allocations %4.0f", k.name, ms(times[len(times)/2]),
			ms(times[len(times)*99/100]), ms(cpu)/n, allocated/n)
		profiling.Wait()
	}
}

// contexts asks each question for a context and for as many passages as it is chosen from,
// in turn.
func (m *measured) contexts(b *testing.B) {
	page := int32(grounding.Candidates(corpus.DefaultContextTokens))
	var searches, contexts, more []time.Duration
	for i, q := range m.questions[:min(1000, len(m.questions))] {
		began := time.Now()
		m.search(b, &dalilv1.SearchRequest{Query: q, PageSize: &page})
		searched := time.Since(began)
		began = time.Now()
		if _, err := m.server.search.BuildContext(b.Context(), &dalilv1.BuildContextRequest{Query: q}); err != nil {
			b.Fatalf("%q: %v", q, err)
		}
		if built := time.Since(began); i >= 100 { // so that the caches are warm
			searches, contexts, more = append(searches, searched), append(contexts, built), append(more, built-searched)
		}
	}
	for _, times := range [][]time.Duration{searches, contexts, more} {
		slices.Sort(times)
	}
	n := len(more)
	b.Logf("context    p50 %6.2f ms  p99 %6.2f ms  search of %d passages p50 %.2f ms  p99 %.2f ms  difference p50 %.2f ms", ms(contexts[n/2]), ms(contexts[n*99/100]),
		page, ms(searches[n/2]), ms(searches[n*99/100]), ms(more[n/2]))
}

func (m *measured) search(b *testing.B, r *dalilv1.SearchRequest) *dalilv1.SearchResponse {
	answer, err := m.server.search.Search(context.Background(), r)
	if err != nil {
		b.Fatalf("%q: %v", r.GetQuery(), err)
	}
	return answer
}

// crowds asks default questions with several callers at a time.
func (m *measured) crowds(b *testing.B) {
	for _, callers := range []int{1, 8, 64} {
		spent := asked(b, m.server, m.questions, callers)
		b.Logf("%2d callers: %5.0f answers a second", callers, float64(len(m.questions))/spent.Seconds())
	}
}

// asked is how long a server takes for default questions from several callers.
func asked(b *testing.B, s *process, questions []string, callers int) time.Duration {
	var next atomic.Int64
	var all sync.WaitGroup
	began := time.Now()
	for range callers {
		all.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(questions)); i = next.Add(1) - 1 {
				if _, err := s.search.Search(context.Background(), &dalilv1.SearchRequest{Query: questions[i]}); err != nil {
					b.Errorf("%q: %v", questions[i], err)
					return
				}
			}
		})
	}
	all.Wait()
	return time.Since(began)
}

// recall is the share of the ten nearest passages, by float64, that the dense arm
// found.
func (m *measured) recall(b *testing.B) float64 {
	settings, err := local.Peek(b.Context(), m.data)
	if err != nil {
		b.Fatal(err)
	}
	opened, err := model.Open(b.Context(), config.Default(), model.Deps{Metrics: observe.New(observe.Build{})})
	if err != nil {
		b.Fatal(err)
	}
	asked := m.questions[:min(recalled, len(m.questions))]
	vectors, err := opened.Embedder.Embed(b.Context(), embedder.Query, asked)
	if err != nil {
		b.Fatal(err)
	}
	s, err := local.Open(b.Context(), local.Options{Dir: m.data, Pipeline: settings.Pipeline, ReadOnly: true})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	near := nearest.New(vectors.Vectors, 10)
	finders := map[corpus.ChunkID][]int{} // the questions that found a passage
	for q, v := range vectors.Vectors {
		hits, err := s.Search(b.Context(), []store.ArmQuery{{Dense: v, Limit: 10}})
		if err != nil {
			b.Fatal(err)
		}
		for _, h := range hits[0] {
			finders[h.ID] = append(finders[h.ID], q)
		}
	}
	scores := make([][]float64, len(asked)) // of what was found, by question
	for e, err := range store.Entries(b.Context(), s) {
		if err != nil {
			b.Fatal(err)
		}
		for i := range e.Points {
			p := &e.Points[i]
			near.Add(p.Dense)
			for _, q := range finders[p.Chunk.ID] {
				scores[q] = append(scores[q], nearest.Score(vectors.Vectors[q], p.Dense))
			}
		}
	}
	hit, all := 0, 0
	for q := range asked {
		best := near.Scores(q)
		all += len(best)
		for _, score := range scores[q] {
			if score >= best[len(best)-1]-1e-6 { // passages with equal texts have equal scores
				hit++
			}
		}
	}
	return float64(hit) / float64(all)
}

// BenchmarkScale asks default questions of indexes of the sizes in
// DALIL_TEST_SIZES, and prints the exponent of the growth of a question's CPU time.
func BenchmarkScale(b *testing.B) {
	sizes := sizesOf(b)
	for b.Loop() {
		var cpu []float64
		for _, n := range sizes {
			m := prepared(b, n)
			for _, q := range m.questions[:min(200, len(m.questions))] {
				m.search(b, &dalilv1.SearchRequest{Query: q})
			}
			var times []time.Duration
			before := m.server.cpu(b)
			for _, q := range m.questions {
				began := time.Now()
				m.search(b, &dalilv1.SearchRequest{Query: q})
				times = append(times, time.Since(began))
			}
			spent := ms(m.server.cpu(b)-before) / float64(len(m.questions))
			slices.Sort(times)
			b.Logf("%8d passages: opened in %v, p50 %.2f ms, p99 %.2f ms, CPU a question %.2f ms, memory %s", n, m.server.opened.Round(time.Millisecond),
				ms(times[len(times)/2]), ms(times[len(times)*99/100]), spent, m.server.memory(b))
			m.server.stop()
			if len(cpu) > 0 {
				last := len(cpu) - 1
				b.Logf("%8d → %d: exponent %.2f", sizes[last], n, math.Log(spent/cpu[last])/math.Log(float64(n)/float64(sizes[last])))
			}
			cpu = append(cpu, spent)
		}
	}
}

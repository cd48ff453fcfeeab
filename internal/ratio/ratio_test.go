package ratio

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	dalilv1 "dalil/proto/dalil/v1"
)

// BenchmarkBuilds asks the servers of the builds that DALIL_TEST_BUILDS names,
// separated by commas, the same questions in turn. Every build indexes the same
// passages of real sentences with its own code; DALIL_TEST_KEEP names a folder that
// keeps the indexes for the next run, each under the name of its build (see names). The
// first build is the one that the others are divided by.
//
// It prints, for each build and kind of question, p50 and p99 of the answer, user
// CPU time of the server a question, and for how many questions the answer is that of
// the build before; answers a second with 8 callers; and for each build its resident
// memory.
func BenchmarkBuilds(b *testing.B) {
	builds := strings.FieldsFunc(os.Getenv("DALIL_TEST_BUILDS"), func(r rune) bool { return r == ',' })
	if len(builds) == 0 {
		b.Skip("DALIL_TEST_BUILDS names no programs")
	}
	passages := number(b, "DALIL_TEST_PASSAGES", 100_000)
	count := number(b, "DALIL_TEST_QUESTIONS", 1500)
	dir := os.Getenv("DALIL_TEST_KEEP")
	if dir == "" {
		dir = b.TempDir()
	}
	text := naturalText(b)
	source := filepath.Join(dir, fmt.Sprintf("natural-%d.jsonl", passages))
	if _, err := os.Stat(source); err != nil {
		if err := text.Write(source, passages); err != nil {
			b.Fatal(err)
		}
	}
	servers := make([]*process, len(builds))
	for i, name := range names(builds) {
		servers[i] = serve(b, builds[i], filepath.Join(dir, fmt.Sprintf("%s-%d", name, passages)), source)
		servers[i].program = name
	}
	questions := text.Questions(count)
	for b.Loop() {
		for _, kind := range kinds() {
			times, cpu := make([][]time.Duration, len(servers)), make([]time.Duration, len(servers))
			answers, same := make([][]string, len(servers)), make([]int, len(servers))
			// In blocks, because the system counts CPU time in hundredths of a second.
			const block = 100
			for from := 0; from < len(questions); from += block {
				for i := range servers {
					s := servers[(i+from/block)%len(servers)]
					at := slices.Index(servers, s)
					before := s.cpu(b)
					for _, q := range questions[from:min(from+block, len(questions))] {
						began := time.Now()
						answer, err := s.search.Search(context.Background(), kind.request(q))
						if err != nil {
							b.Fatalf("%s: %q: %v", s.program, q, err)
						}
						times[at] = append(times[at], time.Since(began))
						answers[at] = append(answers[at], ranking(answer))
					}
					cpu[at] += s.cpu(b) - before
				}
			}
			for i, s := range servers {
				for n := range answers[i] {
					if answers[i][n] == answers[max(i-1, 0)][n] {
						same[i]++
					}
				}
				slices.Sort(times[i])
				p50, p99 := times[i][len(times[i])/2], times[i][len(times[i])*99/100]
				b.Logf("%-10s %-20s p50 %6.2f ms  p99 %6.2f ms  CPU a question %6.2f ms  p50 %.2f ×  CPU %.2f ×  same %d of %d", kind.name, s.program,
					ms(p50), ms(p99), ms(cpu[i])/float64(len(questions)), ms(p50)/ms(times[0][len(times[0])/2]), float64(cpu[i])/float64(cpu[0]), same[i], len(questions))
			}
		}
		crowd(b, servers, questions)
		for _, s := range servers {
			b.Logf("%-20s ready after %v, memory %s", s.program, s.opened.Round(time.Millisecond), s.memory(b))
		}
	}
}

// crowd asks default questions with 8 callers, each server in turn.
func crowd(b *testing.B, servers []*process, questions []string) {
	spent, cpu := make([]time.Duration, len(servers)), make([]time.Duration, len(servers))
	const block = 200
	for from := 0; from < len(questions); from += block {
		some := questions[from:min(from+block, len(questions))]
		for i := range servers {
			at := (i + from/block) % len(servers)
			before := servers[at].cpu(b)
			spent[at] += asked(b, servers[at], some, 8)
			cpu[at] += servers[at].cpu(b) - before
		}
	}
	n := float64(len(questions))
	for i, s := range servers {
		b.Logf("%-10s %-20s %5.0f answers a second  CPU a question %6.2f ms  answers %.2f ×  CPU %.2f ×", "8 callers", s.program,
			n/spent[i].Seconds(), ms(cpu[i])/n, float64(spent[0])/float64(spent[i]), float64(cpu[i])/float64(cpu[0]))
	}
}

// ranking is what two builds are compared by: the passages of the answer in their order,
// with all that is shown of them but the scores.
func ranking(answer *dalilv1.SearchResponse) string {
	var b strings.Builder
	for _, p := range answer.GetPassages() {
		fmt.Fprint(&b, p.GetDocument(), p.GetHeadingPath(), p.GetSpan(), p.GetText(), p.GetHighlights(), p.GetBestSentence(), p.GetSnippet(), " ")
	}
	return b.String()
}

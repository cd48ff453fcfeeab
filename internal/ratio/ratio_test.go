package ratio

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"dalil/client"
	dalilv1 "dalil/proto/dalil/v1"
)

// BenchmarkBuilds asks the servers of the builds that DALIL_TEST_BUILDS names,
// separated by commas, the same questions in turn. Every build indexes the same
// passages of real sentences with its own code; DALIL_TEST_KEEP names a folder that
// keeps the indexes for the next run. The first build is the one that the others
// are divided by.
//
// It prints, for each build and kind of question, p50 and p99 of the answer, user
// CPU time of the server a question, and for how many questions the answer is that of
// the build before; and for each build its resident memory.
func BenchmarkBuilds(b *testing.B) {
	builds := strings.FieldsFunc(os.Getenv("DALIL_TEST_BUILDS"), func(r rune) bool { return r == ',' })
	if len(builds) == 0 {
		b.Skip("DALIL_TEST_BUILDS names no programs")
	}
	passages := number(b, "DALIL_TEST_PASSAGES", 100_000)
	asked := number(b, "DALIL_TEST_QUESTIONS", 1500)
	dir := os.Getenv("DALIL_TEST_KEEP")
	if dir == "" {
		dir = b.TempDir()
	}
	text := readSentences(b)
	source := filepath.Join(dir, fmt.Sprintf("natural-%d.jsonl", passages))
	if _, err := os.Stat(source); err != nil {
		if err := text.write(source, passages); err != nil {
			b.Fatal(err)
		}
	}
	servers := make([]*process, len(builds))
	for i, program := range builds {
		servers[i] = serve(b, program, filepath.Join(dir, fmt.Sprintf("%s-%d", filepath.Base(program), passages)), source)
	}
	questions := text.questions(asked)
	off := false
	kinds := []struct {
		name   string
		arms   []dalilv1.Arm
		rerank *bool
	}{
		{"default", nil, nil},
		{"no rerank", nil, &off},
		{"dense", []dalilv1.Arm{dalilv1.Arm_ARM_DENSE}, &off},
		{"lexical", []dalilv1.Arm{dalilv1.Arm_ARM_LEXICAL}, &off},
	}
	for b.Loop() {
		for _, kind := range kinds {
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
						answer, err := s.search.Search(context.Background(), &dalilv1.SearchRequest{Query: q, Arms: kind.arms, Rerank: kind.rerank})
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
				b.Logf("%-10s %-20s p50 %6.2f ms  p99 %6.2f ms  CPU a question %6.2f ms  p50 %.2f ×  CPU %.2f ×  same %d of %d", kind.name, filepath.Base(s.program),
					ms(p50), ms(p99), ms(cpu[i])/float64(len(questions)), ms(p50)/ms(times[0][len(times[0])/2]), float64(cpu[i])/float64(cpu[0]), same[i], len(questions))
			}
		}
		for _, s := range servers {
			b.Logf("%-20s ready after %v, memory %s", filepath.Base(s.program), s.opened.Round(time.Millisecond), s.memory(b))
		}
	}
}

// ranking is what two builds are compared by: the documents of the answer in their
// order, and where the words are marked.
func ranking(answer *dalilv1.SearchResponse) string {
	var b strings.Builder
	for _, p := range answer.GetPassages() {
		fmt.Fprint(&b, p.GetDocument().GetDocumentId(), p.GetHighlights(), " ")
	}
	return b.String()
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

func number(b *testing.B, name string, otherwise int) int {
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		b.Fatalf("%s must be a number above 0, is %q", name, text)
	}
	return n
}

// process is one server.
type process struct {
	program string
	pid     int
	search  dalilv1.SearchServiceClient
	opened  time.Duration
}

// serve indexes the source where data holds nothing yet, and starts a server.
func serve(b *testing.B, program, data, source string) *process {
	b.Helper()
	if _, err := os.Stat(filepath.Join(data, "current")); err != nil {
		index := exec.Command(program, "index", "--data", data, source)
		if out, err := index.CombinedOutput(); err != nil {
			b.Fatalf("%s index: %v\n%s", program, err, out[max(0, len(out)-1000):])
		}
		usage := index.ProcessState
		b.Logf("%-20s indexed in %v of user CPU", filepath.Base(program), usage.UserTime().Round(10*time.Millisecond))
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	address := listener.Addr().String()
	if err := listener.Close(); err != nil {
		b.Fatal(err)
	}
	server := exec.Command(program, "serve", "--data", data, "--listen", address, "--admin", "127.0.0.1:0", "--log-level", "warn")
	server.Stderr = os.Stderr
	began := time.Now()
	if err := server.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		_ = server.Process.Signal(os.Interrupt)
		_ = server.Wait()
	})
	connection, err := client.Dial(address, client.Direct())
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = connection.Close() })
	p := &process{program: program, pid: server.Process.Pid, search: dalilv1.NewSearchServiceClient(connection)}
	for deadline := began.Add(time.Minute); ; {
		if _, err = p.search.Search(context.Background(), &dalilv1.SearchRequest{Query: "water"}); err == nil {
			p.opened = time.Since(began)
			return p
		}
		if time.Now().After(deadline) {
			b.Fatalf("%s does not answer: %v", program, err)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// cpu is the user time that the process has used.
func (p *process) cpu(b *testing.B) time.Duration {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.pid))
	if err != nil {
		b.Skip("the CPU time of another process is read from /proc")
	}
	// The second field may hold spaces; it ends with the last bracket.
	fields := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+1:]))
	ticks, err := strconv.Atoi(fields[11])
	if err != nil {
		b.Fatal(err)
	}
	return time.Duration(ticks) * 10 * time.Millisecond
}

// memory lists what of the resident memory is private, and what is mapped files.
func (p *process) memory(b *testing.B) string {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.pid))
	if err != nil {
		b.Fatal(err)
	}
	var found []string
	for line := range strings.Lines(string(status)) {
		if strings.HasPrefix(line, "VmRSS") || strings.HasPrefix(line, "RssAnon") || strings.HasPrefix(line, "RssFile") {
			found = append(found, strings.Join(strings.Fields(line), " "))
		}
	}
	return strings.Join(found, ", ")
}

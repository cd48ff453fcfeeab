package ratio

import (
	"bufio"
	"cmp"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"dalil/client"
	"dalil/internal/ratio/natural"
	dalilv1 "dalil/proto/dalil/v1"
)

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

// naturalText reads the sentences of DALIL_TEST_TRAIN, or of the folder of data beside
// the repository; it makes some where there are none.
func naturalText(b *testing.B) natural.Sentences {
	b.Helper()
	dir := cmp.Or(os.Getenv("DALIL_TEST_TRAIN"), "../../../shared/data/train/parallel")
	text, err := natural.Read(dir)
	if err != nil {
		b.Fatal(err)
	}
	if len(text.English) == 0 {
		b.Logf("there are no sentences in %s, so words are drawn by Zipf's law; DALIL_TEST_TRAIN names a folder of *.tsv.gz", dir)
		return natural.Zipf(20_000)
	}
	return text
}

// sizesOf reads DALIL_TEST_SIZES.
func sizesOf(b *testing.B) (sizes []int) {
	for _, text := range strings.Split(cmp.Or(os.Getenv("DALIL_TEST_SIZES"), "10000,100000,300000"), ",") {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			b.Fatalf("DALIL_TEST_SIZES must be numbers above 0 with commas between, has %q", text)
		}
		if len(sizes) > 0 && n == sizes[len(sizes)-1] {
			b.Fatalf("DALIL_TEST_SIZES names %d twice in a row, so there is no growth to measure", n)
		}
		sizes = append(sizes, n)
	}
	return sizes
}

// process is one server.
type process struct {
	program string
	pid     int
	search  dalilv1.SearchServiceClient
	ingest  dalilv1.DocumentServiceClient
	admin   string // address of its metrics and profiles
	opened  time.Duration
	stop    func()
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
	address, admin := freeAddress(b), freeAddress(b)
	server := exec.Command(program, "serve", "--data", data, "--listen", address, "--admin", admin, "--log-level", "warn")
	server.Stderr = os.Stderr
	began := time.Now()
	if err := server.Start(); err != nil {
		b.Fatal(err)
	}
	stop := sync.OnceFunc(func() {
		_ = server.Process.Signal(os.Interrupt)
		_ = server.Wait()
	})
	b.Cleanup(stop)
	connection, err := client.Dial(address, client.Direct())
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = connection.Close() })
	p := &process{
		program: program, pid: server.Process.Pid, admin: admin, stop: stop,
		search: dalilv1.NewSearchServiceClient(connection), ingest: dalilv1.NewDocumentServiceClient(connection),
	}
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

// freeAddress finds a port that no server has.
func freeAddress(b *testing.B) string {
	b.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

// metric reads one number of the server's metrics.
func (p *process) metric(b *testing.B, name string) float64 {
	b.Helper()
	response, err := http.Get("http://" + p.admin + "/metrics")
	if err != nil {
		b.Fatal(err)
	}
	defer response.Body.Close()
	for lines := bufio.NewScanner(response.Body); lines.Scan(); {
		if value, found := strings.CutPrefix(lines.Text(), name+" "); found {
			n, err := strconv.ParseFloat(value, 64)
			if err != nil {
				b.Fatal(err)
			}
			return n
		}
	}
	b.Fatalf("the server has no metric %s", name)
	return 0
}

// profile keeps a profile of the server in a file: of its processor time ("profile"), or
// of what it allocates ("allocs").
func (p *process) profile(b *testing.B, kind, name string, seconds int) {
	response, err := http.Get(fmt.Sprintf("http://%s/debug/pprof/%s?seconds=%d", p.admin, kind, seconds))
	if err != nil {
		b.Error(err)
		return
	}
	defer response.Body.Close()
	f, err := os.Create(name)
	if err != nil {
		b.Error(err)
		return
	}
	defer f.Close()
	if _, err := io.Copy(f, response.Body); err != nil {
		b.Error(err)
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

// Package deploy holds what runs Dalil in containers, and its tests: they read
// docker-compose.yml by the library of its specification, and ask every
// question of the dashboard of a Prometheus that scrapes a running Dalil. It is
// a module of its own, because that library would otherwise weigh on the
// service. Start with docs/deploying.md.
package deploy

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
)

// The program of the checkout is compiled once for all tests.
var (
	folder    string // of the program; it is removed at the end
	buildOnce = sync.OnceValues(func() (string, error) {
		binary := filepath.Join(folder, "dalil")
		c := exec.Command("go", "build", "-trimpath", "-o", binary, "./cmd/dalil")
		c.Dir, c.Env = "..", append(os.Environ(), "CGO_ENABLED=0")
		if out, err := c.CombinedOutput(); err != nil {
			return "", fmt.Errorf("go build: %w\n%s", err, out)
		}
		return binary, nil
	})
)

func TestMain(m *testing.M) {
	var err error
	if folder, err = os.MkdirTemp("", "dalil-deploy"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	os.RemoveAll(folder)
	os.Exit(code)
}

// build returns the program of the checkout.
func build(t *testing.T) string {
	t.Helper()
	binary, err := buildOnce()
	if err != nil {
		t.Fatal(err)
	}
	return binary
}

// running is a Dalil with an index of its own.
type running struct {
	binary            string
	grpc, admin, http string // addresses
	broken            string // a file that can't be parsed
}

// start inherits the environment, so that DALIL_STORE_NAME=qdrant asks the same
// of a Dalil on Qdrant; more is stronger.
func start(t *testing.T, more ...string) *running {
	t.Helper()
	r := &running{binary: build(t), broken: filepath.Join(t.TempDir(), "broken.pdf")}
	if err := os.WriteFile(r.broken, []byte("%PDF-1.7\x00"), 0o600); err != nil {
		t.Fatal(err)
	}
	c := exec.Command(r.binary, "--data", t.TempDir(), "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0", "--http", "127.0.0.1:0", "serve")
	c.Env = append(os.Environ(), more...)
	log, err := c.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	read := make(chan struct{})
	t.Cleanup(func() {
		c.Process.Signal(syscall.SIGTERM)
		<-read
		if err := c.Wait(); err != nil {
			t.Errorf("dalil serve: %v", err)
		}
	})
	announced, last := make(chan []string, 1), ""
	go func() {
		defer close(read)
		defer close(announced)
		addresses := regexp.MustCompile(`grpc=(\S+) admin=(\S+) .*http=(\S+)`)
		for lines := bufio.NewScanner(log); lines.Scan(); {
			last = lines.Text()
			if found := addresses.FindStringSubmatch(last); found != nil {
				announced <- found
			}
		}
	}()
	found, ok := <-announced
	if !ok {
		t.Fatalf("dalil serve ended: %s", last)
	}
	r.grpc, r.admin, r.http = found[1], found[2], found[3]
	health := exec.Command(r.binary, "--listen", r.grpc, "health", "--timeout", "10s")
	health.Env = c.Env
	if out, err := health.CombinedOutput(); err != nil {
		t.Fatalf("dalil health: %v\n%s", err, out)
	}
	return r
}

func (r *running) run(stdin string, args ...string) (string, error) {
	c := exec.Command(r.binary, args...)
	c.Stdin = strings.NewReader(stdin)
	out, err := c.CombinedOutput()
	return string(out), err
}

// traffic gives every panel a value. Each round writes
// documents that no round before had.
func (r *running) traffic(t *testing.T, round int) {
	t.Helper()
	record := fmt.Sprintf(`{"id":"river-%d","text":"Rivers run to the sea, and this is number %d of them."}`+"\n", round, round)
	for _, call := range []struct {
		stdin string
		fails bool
		args  []string
	}{
		{"", false, []string{"index", "--server", r.grpc, "../seeds"}},
		{record, false, []string{"index", "--server", r.grpc, "-"}},
		{"", true, []string{"index", "--server", r.grpc, r.broken}},
		{"", false, []string{"search", "--server", r.grpc, "poverty reduction cooperation"}},
		{"", false, []string{"search", "--server", r.grpc, "التعاون للحد من الفقر"}},
		{"", false, []string{"search", "--server", r.grpc, fmt.Sprintf("which river is number %d?", round)}}, // not in the cache
		{"", false, []string{"search", "--server", r.grpc, "--min-dense", "0.99", "--min-coverage", "1", "best pizza in Naples"}},
		{"", true, []string{"search", "--server", r.grpc, "-n", "1000", "poverty"}},
		{"", false, []string{"context", "--server", r.grpc, "poverty reduction cooperation"}},
		{"", false, []string{"context", "--server", r.grpc, "--max-tokens", "200", "من افتتح ندوة الحد من الفقر؟"}},
		{`[{"role":"USER","text":"What was the seminar on poverty about?"}]`, false, []string{"search", "--server", r.grpc, "--history", "-", "and who opened it?"}},
		{"The seminar was about poverty reduction. It was opened in 1950. Thank you!", false, []string{"ground", "--server", r.grpc, "--query", "poverty reduction cooperation"}},
	} {
		if out, err := r.run(call.stdin, call.args...); (err != nil) != call.fails {
			t.Fatalf("%v: %v\n%s", call.args, err, out)
		}
	}
	if code, page, err := get(t.Context(), "http://"+r.http+"/v1/search?q=poverty"); code != 200 || err != nil {
		t.Fatalf("%d %v\n%s", code, err, page)
	}
}

// get reads a page whole.
func get(ctx context.Context, url string) (int, []byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return 0, nil, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, nil, err
	}
	defer response.Body.Close()
	var text strings.Builder
	_, err = bufio.NewReader(response.Body).WriteTo(&text)
	return response.StatusCode, []byte(text.String()), err
}

package chaos_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
)

// process is one run of "dalil serve".
type process struct {
	cmd    *exec.Cmd
	admin  string
	ready  time.Duration // from the start of the process to the first ready answer
	spent  time.Duration // processor time until then; 0 where the system does not say
	ended  chan struct{} // closed when the process is gone
	log    *tail
	client *grpc.ClientConn
}

var (
	serving = regexp.MustCompile(`grpc=(\S+) admin=(\S+)`)
	memory  = "800MiB"
)

// build makes the binary once.
func build(t *testing.T) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "dalil")
	command := exec.CommandContext(t.Context(), "go", "build", "-o", binary, "../../cmd/dalil")
	command.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := command.CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	return binary
}

// start runs the server on the folder until it is ready. An error is what the
// process printed when it refused to start.
func start(ctx context.Context, binary, data string) (*process, error) {
	p := &process{
		cmd:   exec.CommandContext(ctx, binary, "serve", "--data", data, "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0"),
		ended: make(chan struct{}), log: &tail{},
	}
	p.cmd.Env = []string{"GOMEMLIMIT=" + memory, "HOME=" + os.TempDir(), "PATH=" + os.Getenv("PATH")}
	stderr, err := p.cmd.StderrPipe()
	if err != nil {
		return nil, err
	}
	began := time.Now()
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	addresses := make(chan []string, 1)
	go func() {
		lines := bufio.NewScanner(stderr)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			p.log.add(lines.Text())
			if m := serving.FindStringSubmatch(lines.Text()); m != nil {
				addresses <- m
			}
		}
		_, _ = io.Copy(io.Discard, stderr) // a line beyond the buffer ends the scan and not the process
		_ = p.cmd.Wait()                   // its end is what the test asked for
		close(p.ended)
	}()
	select {
	case m := <-addresses:
		p.admin = m[2]
		if p.client, err = grpc.NewClient(m[1], grpc.WithTransportCredentials(insecure.NewCredentials())); err != nil {
			return nil, err
		}
	case <-p.ended:
		return nil, fmt.Errorf("the server ended: %s", p.log)
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	for ctx.Err() == nil {
		if response, err := http.Get("http://" + p.admin + "/readyz"); err == nil {
			response.Body.Close()
			if response.StatusCode == http.StatusOK {
				p.ready, p.spent = time.Since(began), p.processor()
				return p, nil
			}
		}
		select {
		case <-p.ended:
			return nil, fmt.Errorf("the server ended: %s", p.log)
		case <-time.After(5 * time.Millisecond):
		}
	}
	return nil, ctx.Err()
}

// end sends the signal and waits until the process is gone.
func (p *process) end(signal syscall.Signal) {
	_ = p.cmd.Process.Signal(signal) // it may have ended by itself, which ended reports
	<-p.ended
	p.client.Close()
}

// gone reports whether the process has ended by itself.
func (p *process) gone() bool {
	select {
	case <-p.ended:
		return true
	default:
		return false
	}
}

// resident is the largest resident memory of the process so far, in MiB; 0 where
// the system does not say.
func (p *process) resident() int {
	status, err := os.ReadFile("/proc/" + strconv.Itoa(p.cmd.Process.Pid) + "/status")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(status)) {
		if kib, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			n, _ := strconv.Atoi(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(kib), "kB")))
			return n / 1024
		}
	}
	return 0
}

// processor returns the processor time of the process so far; 0 where the system does
// not say.
func (p *process) processor() time.Duration {
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(p.cmd.Process.Pid) + "/stat")
	if err != nil {
		return 0
	}
	_, after, _ := strings.Cut(string(stat), ") ") // the name may have spaces
	fields := strings.Fields(after)
	if len(fields) < 13 {
		return 0
	}
	user, _ := strconv.Atoi(fields[11])
	system, _ := strconv.Atoi(fields[12])
	return time.Duration(user+system) * 10 * time.Millisecond // Linux always counts hundredths of a second here
}

// tail keeps the last lines of a log.
type tail struct {
	mu    sync.Mutex
	lines []string
}

func (l *tail) add(line string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(line) > 400 {
		line = line[:400] + "…"
	}
	l.lines = append(l.lines, line)
	if len(l.lines) > 20 {
		l.lines = l.lines[1:]
	}
}

func (l *tail) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Join(l.lines, "\n")
}

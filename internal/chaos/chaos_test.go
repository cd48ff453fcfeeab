package chaos_test

import (
	"context"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"google.golang.org/grpc"
)

// bars of a run.
const (
	readyAfter  = 2 * time.Second // of processor time, which is the same on a machine that has other work
	readyWithin = 2 * time.Minute // from the start of the process
	residentMiB = 1024            // with GOMEMLIMIT=800MiB
)

// TestChaos runs for DALIL_TEST_CHAOS (such as 3m); without it, it is skipped.
func TestChaos(t *testing.T) {
	length, err := time.ParseDuration(os.Getenv("DALIL_TEST_CHAOS"))
	if err != nil {
		t.Skip("DALIL_TEST_CHAOS names no duration; make chaos runs it")
	}
	h := &trial{t: t, binary: build(t), data: dataFolder(t), random: rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 1))}
	h.load = &load{model: newModel(), connect: h.connection, wrong: make(chan string, 20)}
	h.begin()
	deadline := time.Now().Add(length)
	for round := 0; time.Now().Before(deadline) && !t.Failed(); round++ {
		h.round(round)
	}
	h.end()
	t.Logf("%d starts, the slowest ready after %v, or %v of processor time; %d writes acknowledged, %d questions answered, %d MiB resident at most",
		h.starts, h.slowest.Round(time.Millisecond), h.busiest, h.load.model.acknowledgements(), h.load.answered.Load(), h.resident)
	if h.load.model.acknowledgements() == 0 || h.load.answered.Load() == 0 {
		t.Error("nothing was written or nothing was answered")
	}
}

// trial is a disturbed server and its users.
type trial struct {
	t            *testing.T
	binary, data string
	random       *rand.Rand
	load         *load
	process      *process
	connected    atomic.Pointer[grpc.ClientConn]
	starts       int
	slowest      time.Duration
	busiest      time.Duration // of processor time
	resident     int
}

func (h *trial) connection() grpc.ClientConnInterface { return h.connected.Load() }

// dataFolder is on a small file system of its own where the system allows that,
// so that the disk can be filled.
func dataFolder(t *testing.T) string {
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=64m"); err != nil {
		t.Logf("no small file system (%v), so the disk is never full", err)
		return dir
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return dir
}

func (h *trial) begin() {
	h.t.Helper()
	p, err := start(h.t.Context(), h.binary, filepath.Join(h.data, "index"))
	if err != nil {
		h.t.Fatalf("start %d: %v", h.starts+1, err)
	}
	h.process = p
	h.connected.Store(p.client)
	h.starts++
	h.slowest, h.busiest = max(h.slowest, p.ready), max(h.busiest, p.spent)
	if p.ready > readyWithin {
		h.t.Errorf("start %d: ready after %v, the bar is %v", h.starts, p.ready, readyWithin)
	}
	if p.spent > readyAfter {
		h.t.Errorf("start %d: ready after %v of processor time, the bar is %v", h.starts, p.spent, readyAfter)
	}
}

// round is some seconds of load with one trouble in it, then a restart and a
// comparison of all that is held with the model.
func (h *trial) round(n int) {
	h.t.Helper()
	ctx, cancel := context.WithCancel(h.t.Context())
	done := make(chan struct{})
	go func() { defer close(done); h.load.run(ctx) }()
	time.Sleep(time.Duration(300+h.random.IntN(700)) * time.Millisecond)
	faults := []func(context.Context){h.kill, h.terminate, h.fill, h.removeLock, h.removeCurrent, h.hostility}
	faults[n%len(faults)](ctx)
	time.Sleep(time.Duration(200+h.random.IntN(300)) * time.Millisecond)
	cancel()
	<-done
	if h.t.Failed() {
		return
	}
	check, stop := context.WithTimeout(h.t.Context(), 5*time.Minute)
	defer stop()
	for _, fault := range h.load.model.check(check, h.process) {
		h.t.Errorf("round %d: %s", n, fault)
	}
	for {
		select {
		case fault := <-h.load.wrong:
			h.t.Errorf("round %d: %s", n, fault)
			continue
		default:
		}
		break
	}
	if h.resident = max(h.resident, h.process.resident()); h.resident > residentMiB {
		h.t.Errorf("round %d: %d MiB resident, the bar is %d", n, h.resident, residentMiB)
	}
}

func (h *trial) end() {
	if h.process.gone() {
		h.t.Errorf("the server ended by itself:\n%s", h.process.log)
		return
	}
	h.process.end(syscall.SIGTERM)
}

// stop ends the process; that it has ended by itself is a fault.
func (h *trial) stop(signal syscall.Signal) {
	if h.process.gone() {
		h.t.Errorf("the server ended by itself:\n%s", h.process.log)
	}
	h.resident = max(h.resident, h.process.resident())
	h.process.end(signal)
}

func (h *trial) kill(context.Context)      { h.stop(syscall.SIGKILL); h.begin() }
func (h *trial) terminate(context.Context) { h.stop(syscall.SIGTERM); h.begin() }

// fill leaves no free space on the disk for a moment.
func (h *trial) fill(ctx context.Context) {
	var disk syscall.Statfs_t
	if err := syscall.Statfs(h.data, &disk); err != nil || int64(disk.Blocks)*disk.Bsize > 128<<20 {
		h.kill(ctx) // a disk that is not ours to fill
		return
	}
	ballast := filepath.Join(h.data, "ballast")
	file, err := os.Create(ballast)
	if err != nil {
		h.t.Error(err)
		return
	}
	block := make([]byte, 1<<20)
	for err == nil {
		_, err = file.Write(block) // until the disk is full
	}
	file.Close()
	time.Sleep(500 * time.Millisecond)
	if h.random.IntN(2) == 0 {
		h.stop(syscall.SIGKILL)
		defer h.begin()
	}
	if err := os.Remove(ballast); err != nil {
		h.t.Error(err)
	}
}

// removeLock removes the lock's file under a running server: a second server is
// still refused.
func (h *trial) removeLock(ctx context.Context) {
	_ = os.Remove(filepath.Join(h.data, "index", "lock")) // there may be none
	second, err := start(ctx, h.binary, filepath.Join(h.data, "index"))
	if err == nil {
		h.t.Error("a second server runs on the data folder of the first")
		second.end(syscall.SIGKILL)
	}
}

// removeCurrent starts a server on a folder without the file "current": it is
// refused, and with the file back nothing is missing.
func (h *trial) removeCurrent(ctx context.Context) {
	h.stop(syscall.SIGKILL)
	current := filepath.Join(h.data, "index", "current")
	kept, err := os.ReadFile(current)
	if err != nil {
		h.t.Fatal(err)
	}
	if err := os.Remove(current); err != nil {
		h.t.Fatal(err)
	}
	if p, err := start(ctx, h.binary, filepath.Join(h.data, "index")); err == nil {
		h.t.Error("a server starts on a folder whose file \"current\" is missing")
		p.end(syscall.SIGKILL)
	}
	if err := os.WriteFile(current, kept, 0o644); err != nil {
		h.t.Fatal(err)
	}
	h.begin()
}

func (h *trial) hostility(ctx context.Context) {
	before := h.load.answered.Load()
	throw(ctx, h.connection())
	if h.process.gone() {
		h.t.Errorf("the server ended by itself:\n%s", h.process.log)
		return
	}
	if h.load.answered.Load() == before {
		h.t.Error("no question was answered while hostile documents arrived")
	}
}

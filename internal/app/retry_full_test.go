//go:build unix

package app_test

import (
	"errors"
	"os"
	"os/signal"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"dalil/corpus"
	"dalil/indexer"
	"dalil/internal/config"
	"dalil/internal/task"
)

// fullDisk lets every file of this process end at a size, as a full disk does,
// until the test ends. The test must not run beside others.
func fullDisk(t *testing.T, bytes uint64) {
	t.Helper()
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, unix.SIGXFSZ) // which would end the process
	var before unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_FSIZE, &before); err != nil {
		t.Fatal(err)
	}
	limited := before
	limited.Cur = bytes
	if err := unix.Setrlimit(unix.RLIMIT_FSIZE, &limited); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := unix.Setrlimit(unix.RLIMIT_FSIZE, &before); err != nil {
			t.Error(err)
		}
		signal.Stop(signals)
	})
}

func TestARunEndsWhenTheDiskIsFull(t *testing.T) {
	a := open(t, settings(t, func(c *config.Config) { c.Embedder.Name = "hash" }))
	connection, _ := serve(t, a)
	fullDisk(t, 1<<20)
	summary, err := a.Index(operator(t), indexer.Request{Paths: []string{"-"}, Stdin: &endless{}, RetryFor: time.Millisecond}, func(corpus.Receipt) {})
	if err != nil || !errors.Is(summary.Stopped, corpus.ErrExhausted) {
		t.Errorf("local: %v, stopped: %v, want ErrExhausted", err, summary.Stopped)
	}
	summary, err = task.IndexRemote(t.Context(), connection, indexer.Request{Paths: []string{"-"}, Stdin: &endless{}, RetryFor: time.Millisecond}, func(corpus.Receipt) {})
	if err != nil || !errors.Is(summary.Stopped, corpus.ErrExhausted) {
		t.Errorf("remote: %v, stopped: %v, want ErrExhausted", err, summary.Stopped)
	}
}

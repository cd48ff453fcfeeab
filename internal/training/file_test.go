//go:build unix

package training_test

import (
	"bytes"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"dalil/internal/training"
)

// A disk that is full leaves the old file whole, and nothing beside it.
func TestAFullDiskKeepsTheOldFile(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "made", "on the way")
	path := filepath.Join(dir, "en-ar.lex")
	if err := training.WriteFile(path, []byte("good")); err != nil {
		t.Fatal(err)
	}
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, unix.SIGXFSZ) // which would end the process
	var before unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_FSIZE, &before); err != nil {
		t.Fatal(err)
	}
	limited := before
	limited.Cur = 1 << 10
	if err := unix.Setrlimit(unix.RLIMIT_FSIZE, &limited); err != nil {
		t.Fatal(err)
	}
	err := training.WriteFile(path, make([]byte, 1<<12))
	if restore := unix.Setrlimit(unix.RLIMIT_FSIZE, &before); restore != nil {
		t.Fatal(restore)
	}
	signal.Stop(signals)
	if err == nil || !strings.Contains(err.Error(), "en-ar.lex") {
		t.Errorf("got %v, want an error that names the file", err)
	}
	left, readErr := os.ReadFile(path)
	entries, listErr := os.ReadDir(dir)
	if readErr != nil || listErr != nil || !bytes.Equal(left, []byte("good")) || len(entries) != 1 {
		t.Errorf("the folder has %d files, the old one holds %q", len(entries), left)
	}
}

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
)

// The program is built once for all tests that start it as a process.
var (
	folder    string // of the program; it is removed at the end
	buildOnce = sync.OnceValues(func() (string, error) {
		file := filepath.Join(folder, "dalil")
		return file, build(file)
	})
)

func TestMain(m *testing.M) {
	var err error
	if folder, err = os.MkdirTemp("", "dalil-test"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	os.RemoveAll(folder)
	os.Exit(code)
}

// built returns the program, as "make build" builds it.
func built(t *testing.T) string {
	t.Helper()
	file, err := buildOnce()
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func build(file string, environment ...string) error {
	c := exec.Command("go", "build", "-trimpath", "-o", file, ".")
	c.Env = append(append(os.Environ(), "CGO_ENABLED=0"), environment...)
	if said, err := c.CombinedOutput(); err != nil {
		return fmt.Errorf("go build: %w\n%s", err, said)
	}
	return nil
}

package main

import (
	"net"
	"os"
	"path/filepath"
	"testing"
)

func TestListenerIsTheProcessOfAnAddress(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	if got := listener(address); got != os.Getpid() {
		t.Errorf("the process of %s is %d, want %d", address, got, os.Getpid())
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	for _, address := range []string{address, "192.0.2.1:80", "nonsense"} {
		if got := listener(address); got != 0 {
			t.Errorf("the process of %s is %d, want none", address, got)
		}
	}
}

func TestUsageHasChildren(t *testing.T) {
	b, err := openBleve(t.Context(), &options{Keep: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	child, err := usageOf(b.Process())
	if err != nil || child.private == 0 {
		t.Errorf("the child uses %+v, %v", child, err)
	}
	with, err := usageOf(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	without, err := usageOf(os.Getpid())
	if err != nil || with.private-without.private < child.private/2 {
		t.Errorf("with its child the test uses %+v, without %+v, %v", with, without, err)
	}
	if _, err := usageOf(0); err == nil {
		t.Error("a server on another machine has a usage")
	}
}

func TestSizeOfAFolder(t *testing.T) {
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "a"), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"one", "a/two"} {
		if err := os.WriteFile(filepath.Join(dir, name), make([]byte, 100_000), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if got := sizeOf(dir); got < 200_000 || got > 300_000 {
		t.Errorf("two files of 100,000 bytes have %d on disk", got)
	}
	if got := sizeOf(filepath.Join(dir, "none")); got != -1 {
		t.Errorf("a folder that is missing has %d", got)
	}
}

package main

import (
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What is missing or wrong is named, with what to do; none of it needs the
// library.
func TestRefusesToStart(t *testing.T) {
	dir := t.TempDir()
	text := filepath.Join(dir, "notes.txt")
	if err := os.WriteFile(text, []byte("not a library"), 0o600); err != nil {
		t.Fatal(err)
	}
	taken := filepath.Join(dir, "taken")
	l, err := net.Listen("unix", taken)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	for name, test := range map[string]struct {
		args []string
		code int
		says []string
	}{
		"no flags":            {nil, 2, []string{"--library"}},
		"no library":          {[]string{"--library", filepath.Join(dir, "gone.so"), "--model", dir}, 1, []string{"gone.so", "no such file", "pip install onnxruntime"}},
		"a folder as library": {[]string{"--library", dir, "--model", dir}, 1, []string{dir, "is not a file"}},
		"a text as library":   {[]string{"--library", text, "--model", dir}, 1, []string{"notes.txt", "pip install onnxruntime"}},
		"the world":           {[]string{"--library", text, "--model", dir, "--listen", "0.0.0.0:0"}, 1, []string{"0.0.0.0", "loopback"}},
		"a name":              {[]string{"--library", text, "--model", dir, "--listen", "example.com:80"}, 1, []string{"loopback"}},
		"no port":             {[]string{"--library", text, "--model", dir, "--listen", "127.0.0.1"}, 1, []string{"127.0.0.1:PORT"}},
		"a file as socket":    {[]string{"--library", text, "--model", dir, "--listen", "unix:" + text}, 1, []string{"notes.txt", "not a socket"}},
		"a socket in use":     {[]string{"--library", text, "--model", dir, "--listen", "unix:" + taken}, 1, []string{"taken", "another program"}},
		"a pooling":           {[]string{"--library", text, "--model", dir, "--pooling", "max"}, 2, []string{"pooling"}},
	} {
		t.Run(name, func(t *testing.T) {
			var said output
			args := test.args
			if !strings.Contains(strings.Join(args, " "), "--listen") && args != nil {
				args = append(args, "--listen", "127.0.0.1:0")
			}
			if code := run(t.Context(), args, io.Discard, &said); code != test.code {
				t.Errorf("exit status %d, want %d: %s", code, test.code, &said)
			}
			for _, want := range test.says {
				if !strings.Contains(said.String(), want) {
					t.Errorf("got %q, want it to name %q", said.String(), want)
				}
			}
		})
	}
}

// A socket that a dead process left is taken over.
func TestDeadSocket(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s")
	dead, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	dead.(*net.UnixListener).SetUnlinkOnClose(false)
	dead.Close()
	l, err := listen("unix:" + path)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, error %v: want a socket for its owner alone", info.Mode(), err)
	}
}

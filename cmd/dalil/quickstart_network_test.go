package main

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
)

// TestQuickStartOnANetwork runs every line of the README's section "On a network", with
// ports of its own on loopback.
func TestQuickStartOnANetwork(t *testing.T) {
	_, section, _ := strings.Cut(documented(t)["README.md"], "## On a network\n")
	section, _, _ = strings.Cut(section, "\n## ")
	found := block.FindStringSubmatch(section)
	if found == nil || found[1] != "sh" {
		t.Fatal("the section has no block of sh")
	}
	for _, program := range []string{"sh", "openssl", "sed"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skip(err)
		}
	}
	dir, root := t.TempDir(), ""
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, "bin"), 0o755); err != nil {
		t.Fatal(err)
	}
	for name, target := range map[string]string{"bin/dalil": built(t), "seeds": filepath.Join(root, "seeds")} {
		if err := os.Symlink(target, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	ports := strings.NewReplacer("0.0.0.0:7810", "127.0.0.1:0", "0.0.0.0:7812", "127.0.0.1:0")
	served, answered := false, 0
	for _, line := range strings.Split(strings.TrimSpace(found[2]), "\n") {
		if strings.HasPrefix(line, "bin/dalil serve ") {
			grpcPort, httpPort := serveLine(t, dir, ports.Replace(strings.TrimSuffix(line, " &")))
			ports, served = strings.NewReplacer("localhost:7810", "localhost:"+grpcPort, "localhost:7812", "localhost:"+httpPort), true
			continue
		}
		if _, err := exec.LookPath("curl"); err != nil && strings.Contains(line, "curl") {
			t.Log(err)
			continue
		}
		c := exec.CommandContext(t.Context(), "sh", "-c", ports.Replace(line))
		c.Dir = dir
		out, err := c.CombinedOutput()
		if err != nil {
			t.Fatalf("%v\n%s\n%s", err, line, out)
		}
		if strings.Contains(string(out), "001_9b34745794db2986") {
			answered++
		}
	}
	if !served || answered == 0 {
		t.Errorf("served: %v, %d answers", served, answered)
	}
	info, err := os.Stat(filepath.Join(dir, "chatbot.key"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file of the key: %v, %v", info.Mode(), err)
	}
}

// serveLine runs a line that serves, until the test ends, and returns the ports of gRPC and
// HTTP.
func serveLine(t *testing.T, dir, line string) (grpcPort, httpPort string) {
	t.Helper()
	c := exec.Command("sh", "-c", "exec "+line+" --admin 127.0.0.1:0")
	c.Dir = dir
	log, err := c.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	serving, text := regexp.MustCompile(`msg=serving grpc=\S+:(\d+) .*http=\S+:(\d+)`), ""
	lines := bufio.NewScanner(log)
	for lines.Scan() {
		text += lines.Text() + "\n"
		if found := serving.FindStringSubmatch(lines.Text()); found != nil {
			read := make(chan struct{})
			go func() {
				defer close(read)
				for lines.Scan() { // so that the server can go on logging
				}
			}()
			t.Cleanup(func() {
				c.Process.Signal(syscall.SIGTERM)
				<-read
				if err := c.Wait(); err != nil {
					t.Errorf("serve: %v", err)
				}
			})
			return found[1], found[2]
		}
	}
	t.Fatalf("%v\n%s\n%s", c.Wait(), line, text)
	return "", ""
}

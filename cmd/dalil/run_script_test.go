package main

import (
	"bufio"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
)

// builtTree is a folder as a clone has it after "make build": scripts, seeds and
// bin/dalil.
func builtTree(t *testing.T) string {
	t.Helper()
	dir, root := t.TempDir(), "../.."
	if err := os.Mkdir(filepath.Join(dir, "bin"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(built(t), filepath.Join(dir, "bin", "dalil")); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"scripts", "seeds"} {
		if err := os.CopyFS(filepath.Join(dir, name), os.DirFS(filepath.Join(root, name))); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(filepath.Join(dir, "scripts", "run.sh"), 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

// "make run" beside another program on its port must not ask that one.
func TestRunTakesAnotherPortWhereItsOwnIsTaken(t *testing.T) {
	if _, err := exec.LookPath("bash"); err != nil {
		t.Skip("there is no bash")
	}
	other, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	asked := make(chan struct{}, 1)
	go func() {
		if c, err := other.Accept(); err == nil {
			c.Close()
			asked <- struct{}{}
		}
	}()
	dir := builtTree(t)
	c := exec.Command("bash", filepath.Join(dir, "scripts", "run.sh"))
	c.Env = append(os.Environ(), "DALIL_LISTEN="+other.Addr().String(), "DALIL_ADMIN=127.0.0.1:0")
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // a signal reaches what the script started, as Ctrl-C does
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var errs strings.Builder
	c.Stderr = &errs
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	serving := regexp.MustCompile(`^Serving on (\S+) until`)
	var said strings.Builder
	address := ""
	for lines := bufio.NewScanner(out); lines.Scan(); {
		said.WriteString(lines.Text() + "\n")
		if found := serving.FindStringSubmatch(lines.Text()); found != nil {
			address = found[1]
			syscall.Kill(-c.Process.Pid, syscall.SIGTERM)
		}
	}
	c.Wait()
	if address == "" || address == other.Addr().String() || !strings.Contains(said.String(), "takes a free one") ||
		strings.Count(said.String(), "001_9b34745794db2986") < 2 {
		t.Errorf("serving on %q beside %v:\n%s%s", address, other.Addr(), said.String(), errs.String())
	}
	select {
	case <-asked:
		t.Error("the other program was asked")
	default:
	}
}

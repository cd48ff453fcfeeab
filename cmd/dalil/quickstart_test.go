package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// block finds the fenced blocks of a page, with their language.
var block = regexp.MustCompile("(?ms)^```(\\w+)\n(.*?)^```$")

// TestQuickStart runs every line of the README's section "Call it" against a server
// with the articles of seeds/, and the programs of docs/clients.md. What needs a program
// that is not on this machine is skipped.
// DALIL_TEST_CLIENT_PYTHON names a Python with the package of clients/python, and
// DALIL_TEST_CLIENT_NODE a folder in which Node finds that of clients/typescript;
// scripts/clients.sh sets both.
func TestQuickStart(t *testing.T) {
	pages := documented(t)
	_, section, _ := strings.Cut(pages["README.md"], "## Call it\n")
	section, _, _ = strings.Cut(section, "\n## ")
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	grpcAddress, httpAddress := servingBoth(t, "--http", "127.0.0.1:0")
	if code, _, errs := dalil(t, "", "", nil, "index", "--server", grpcAddress, "../../seeds"); code != 0 {
		t.Fatal(errs)
	}
	addresses := strings.NewReplacer("127.0.0.1:7810", grpcAddress, "127.0.0.1:7812", httpAddress)
	programs := map[string]func(t *testing.T, code string) *exec.Cmd{
		"sh": func(t *testing.T, code string) *exec.Cmd {
			name, _, _ := strings.Cut(code, " ")
			if _, err := exec.LookPath(name); err != nil {
				t.Skip(err)
			}
			return exec.CommandContext(t.Context(), "sh", "-c", code)
		},
		"python": func(t *testing.T, code string) *exec.Cmd {
			python := os.Getenv("DALIL_TEST_CLIENT_PYTHON")
			if python == "" {
				t.Skip("DALIL_TEST_CLIENT_PYTHON names no Python with the client")
			}
			return exec.CommandContext(t.Context(), python, "-c", code)
		},
		"js": func(t *testing.T, code string) *exec.Cmd {
			folder := os.Getenv("DALIL_TEST_CLIENT_NODE")
			if folder == "" {
				t.Skip("DALIL_TEST_CLIENT_NODE names no folder with the client")
			}
			command := exec.CommandContext(t.Context(), "node", "--input-type=module", "--eval", code)
			command.Dir = folder
			return command
		},
		"go": func(t *testing.T, code string) *exec.Cmd {
			file := filepath.Join(t.TempDir(), "main.go")
			if err := os.WriteFile(file, []byte(code), 0o600); err != nil {
				t.Fatal(err)
			}
			command := exec.CommandContext(t.Context(), "go", "run", file)
			command.Dir, command.Env = root, append(os.Environ(), "CGO_ENABLED=0") // as other checks have compiled it
			return command
		},
	}
	for _, found := range block.FindAllStringSubmatch(pages["docs/clients.md"], -1) {
		t.Run("docs "+found[1], func(t *testing.T) {
			if out, err := programs[found[1]](t, addresses.Replace(found[2])).CombinedOutput(); err != nil {
				t.Errorf("%v\n%s\n%s", err, found[2], out)
			}
		})
	}
	lines := map[string]int{}
	for _, found := range block.FindAllStringSubmatch(section, -1) {
		language, parts := found[1], []string{found[2]}
		if language == "sh" {
			parts = strings.Split(strings.TrimSpace(found[2]), "\n")
		}
		for _, code := range parts {
			lines[language]++
			name, _, _ := strings.Cut(code, " ")
			t.Run(language+" "+strings.TrimSpace(name), func(t *testing.T) {
				run := programs[language]
				if run == nil {
					t.Fatalf("no program runs %s", language)
				}
				out, err := run(t, addresses.Replace(code)).CombinedOutput()
				if err != nil || !strings.Contains(string(out), "001_9b34745794db2986") {
					t.Errorf("%v\n%s\n%s", err, code, out)
				}
			})
		}
	}
	if len(lines) != len(programs) || lines["sh"] != 2 {
		t.Errorf("the section has blocks of %v", lines)
	}
}

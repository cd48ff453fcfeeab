package main

import (
	"bytes"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// documented are the pages whose commands are typed by readers.
func documented(t *testing.T) map[string]string {
	t.Helper()
	pages := map[string]string{}
	for _, pattern := range []string{"../../README.md", "../../docs/*.md", "../../docs/decisions/*.md", "../../lexical/*/README.md", "../../embedder/*/*/README.md"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %v, %v", pattern, files, err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			pages[strings.TrimPrefix(filepath.ToSlash(file), "../../")] = string(text)
		}
	}
	return pages
}

// remark matches the comment after a command: spaces, # and the rest of the line.
var remark = regexp.MustCompile(`\s+#( .*)?$`)

// typed lists the commands of a page's indented and shell blocks, one a line,
// without remarks.
func typed(page string) []string {
	var all []string
	text := strings.ReplaceAll(page, "\\\n", " ")
	fence := ""
	for line := range strings.SplitSeq(text, "\n") {
		if kind, ok := strings.CutPrefix(strings.TrimSpace(line), "```"); ok {
			if fence = kind; fence == "" {
				fence = "-"
			}
			continue
		}
		command, indented := strings.CutPrefix(line, "    ")
		if !indented && fence != "sh" && fence != "shell" && fence != "bash" {
			continue
		}
		command = strings.TrimSpace(remark.ReplaceAllString(command, ""))
		command = strings.TrimPrefix(command, "$ ")
		for part := range strings.SplitSeq(command, " && ") {
			if part = strings.TrimSpace(part); part != "" {
				all = append(all, part)
			}
		}
	}
	return all
}

// ours matches a command of this program.
var ours = regexp.MustCompile(`^(?:bin/)?dalil (.*)$`)

// shellEnd matches where a shell takes over: a file for the output, or the background.
var shellEnd = regexp.MustCompile(` (> \S+|&)$`)

// fields splits a command as a shell does, as far as the pages need.
func fields(command string) []string {
	var all []string
	command = shellEnd.ReplaceAllString(command, "")
	for _, part := range regexp.MustCompile(`"[^"]*"|'[^']*'|\S+`).FindAllString(command, -1) {
		all = append(all, strings.Trim(part, `"'`))
	}
	return all
}

// notRun are commands of the pages that a test cannot run to their end, by a part
// of them, with the reason. They are parsed all the same.
var notRun = []struct{ part, reason string }{
	{"serve", "it serves until it is interrupted; TestHealth runs it"},
	{"reindex", "the embedded store has no alias; TestReindexOnAServer runs it on Qdrant's stand-in"},
	{"embedder.name=openai", "it needs an embedding endpoint"},
	{"embedder.path=./my-model", "it needs a trained model; go test -run TrainYourOwn ./cmd/dalil-train trains one"},
	{"...", "it is a part of a command"},
	{"--tls-ca", "it needs a server with TLS; TestQuickStartOnANetwork runs it"},
	{"--service", "the address is the reader's"},
}

// TestCommandsOfThePages types what the pages say into this program, page after
// page, each in a folder that has what a clone and its reader's files would.
func TestCommandsOfThePages(t *testing.T) {
	server := serving(t)
	pages, ran := documented(t), 0
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for _, page := range slices.Sorted(maps.Keys(pages)) {
		t.Run(page, func(t *testing.T) {
			dir := t.TempDir()
			for _, name := range []string{"seeds", "articles", "path/to/a/BEIR/set", "DIR", "DIR/xquad-en-en"} {
				if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.CopyFS(filepath.Join(dir, name), os.DirFS(filepath.Join(here, "../../seeds"))); err != nil && !os.IsExist(err) {
					t.Fatal(err)
				}
			}
			record := []byte(`{"id":"r","text":"Rivers run to the sea."}` + "\n")
			if err := os.WriteFile(filepath.Join(dir, "part.jsonl"), record, 0o600); err != nil {
				t.Fatal(err)
			}
			conversation := []byte(`[{"role": "USER", "text": "When did the forum meet?"}, {"role": "ASSISTANT", "text": "In December."}]`)
			if err := os.WriteFile(filepath.Join(dir, "conversation.json"), conversation, 0o600); err != nil {
				t.Fatal(err)
			}
			t.Chdir(dir)
			for _, command := range typed(pages[page]) {
				found := ours.FindStringSubmatch(command)
				if found == nil {
					continue
				}
				args := fields(strings.NewReplacer("127.0.0.1:7810", server, "HOST:PORT", server).Replace(found[1]))
				if parses(t, page, command, args) && runs(command) {
					ran++
					try(t, page, command, args, server)
				}
			}
		})
	}
	if ran < 15 {
		t.Errorf("only %d commands were run", ran)
	}
}

func runs(command string) bool {
	return !slices.ContainsFunc(notRun, func(n struct{ part, reason string }) bool { return strings.Contains(command, n.part) })
}

// parses reports whether the program understands a command.
func parses(t *testing.T, page, command string, args []string) bool {
	t.Helper()
	parser, err := kong.New(&cli{}, append(flagMappers(), kong.Vars{"version": "x"}, kong.Exit(func(int) {}), kong.Writers(&bytes.Buffer{}, &bytes.Buffer{}))...)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := parser.Parse(args); err != nil {
		t.Errorf("%s: %s: %v", page, command, err)
		return false
	}
	return true
}

func try(t *testing.T, page, command string, args []string, server string) {
	t.Helper()
	environment := []string{"DALIL_LISTEN=127.0.0.1:0", "DALIL_ADMIN=127.0.0.1:0"}
	if args[0] == "health" {
		environment[0] = "DALIL_LISTEN=" + server
	}
	// What a reader has by then: an index, in ./data or in the folder named.
	if i := slices.Index(args, "DIR"); i > 0 && args[i-1] == "--data" {
		args[i] = map[bool]string{true: "restored", false: "held"}[args[0] == "restore"]
	}
	for _, folder := range []string{"data", "held"} {
		if _, err := os.Stat(folder); err != nil && args[0] != "index" || slices.Contains(args, "--rebuild") && err != nil {
			dalil(t, folder, "", environment, "index", "articles")
		}
	}
	if args[0] == "backup" && args[1] == "create" {
		os.Remove("index.tar") // the page writes it in two ways
	}
	code, out, errs := dalil(t, "", "", environment, args...)
	if code != 0 {
		t.Errorf("%s: %s: exit code %d\n%s%s", page, command, code, out, errs)
	}
}

// Targets of make, and tests that the pages name, are there.
func TestTargetsAndTestsOfThePages(t *testing.T) {
	makefile, err := os.ReadFile("../../Makefile")
	if err != nil {
		t.Fatal(err)
	}
	targets := regexp.MustCompile(`(?m)^([a-z/-]+):`).FindAllStringSubmatch(string(makefile), -1)
	known := func(target string) bool {
		return slices.ContainsFunc(targets, func(m []string) bool { return m[1] == target })
	}
	checked := 0
	for page, text := range documented(t) {
		for _, found := range regexp.MustCompile("(?m)(?:^    |`)make ([a-z/-]+)").FindAllStringSubmatch(text, -1) {
			checked++
			if !known(found[1]) {
				t.Errorf("%s: there is no target %q", page, found[1])
			}
		}
		for _, command := range typed(text) {
			name := regexp.MustCompile(`go test .*-run '?([A-Za-z]+)`).FindStringSubmatch(command)
			if name == nil {
				continue
			}
			checked++
			out, err := exec.Command("grep", "-rqE", `^func (Test|Benchmark)\w*`+name[1], "../..", "--include=*_test.go").CombinedOutput()
			if err != nil {
				t.Errorf("%s: %s: there is no such test: %v %s", page, command, err, out)
			}
		}
	}
	if checked < 8 {
		t.Errorf("only %d were looked at", checked)
	}
}

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"dalil/internal/config"
)

// inner finds the text between backticks.
var inner = regexp.MustCompile("`([^`\n]+)`")

// Settings that the pages name between backticks exist, and so do their
// environment variables.
func TestSettingsOfThePages(t *testing.T) {
	var keys, sections, variables []string
	for _, leaf := range config.Leaves(config.Default()) {
		keys, variables = append(keys, leaf.Key), append(variables, config.Variable(leaf.Key))
		if section, _, nested := strings.Cut(leaf.Key, "."); nested && !slices.Contains(sections, section) {
			sections = append(sections, section)
		}
	}
	exists := func(key string) bool {
		return slices.ContainsFunc(keys, func(k string) bool { return k == key || strings.HasPrefix(k, key+".") })
	}
	key := regexp.MustCompile(`^(` + strings.Join(sections, "|") + `)(\.[a-z_]+)+$`)
	variable := regexp.MustCompile(`DALIL_[A-Z][A-Z_]*[A-Z]`)
	// Variables of other programs, of tests, of Kubernetes and of the flag --config.
	others := regexp.MustCompile(`^DALIL_(TEST(_.*)?|WRITE_FIXTURE|CONFIG|API_KEY|TEACHER_KEY|ONNX_LIBRARY|SERVICE|PORT)$`)
	checked := 0
	for page, text := range documented(t) {
		for _, found := range inner.FindAllStringSubmatch(text, -1) {
			name, _, _ := strings.Cut(found[1], ":")
			name, _, _ = strings.Cut(name, "=")
			if !key.MatchString(name) || strings.HasSuffix(name, ".go") || strings.HasSuffix(name, ".proto") {
				continue
			}
			checked++
			if !exists(name) {
				t.Errorf("%s: there is no setting %s", page, name)
			}
		}
		for _, name := range variable.FindAllString(text, -1) {
			checked++
			if !others.MatchString(name) && !slices.Contains(variables, name) {
				t.Errorf("%s: there is no variable %s", page, name)
			}
		}
	}
	if checked < 80 {
		t.Errorf("only %d names were checked", checked)
	}
}

// yamlBlock finds indented blocks that begin with a key of a configuration file.
var yamlBlock = regexp.MustCompile(`(?m)(?:^    (?:#.*|[a-z_ ]+:.*)\n)+`)

// Configuration files that the pages show are valid.
func TestConfigurationsOfThePages(t *testing.T) {
	checked := 0
	for page, text := range documented(t) {
		for _, block := range yamlBlock.FindAllString(text, -1) {
			block = regexp.MustCompile(`(?m)^    `).ReplaceAllString(block, "")
			if !regexp.MustCompile(`(?m)^(listen|store|embedder|search):`).MatchString(block) {
				continue
			}
			file := filepath.Join(t.TempDir(), "dalil.yaml")
			if err := os.WriteFile(file, []byte(block), 0o600); err != nil {
				t.Fatal(err)
			}
			checked++
			if _, err := config.Load(config.Sources{File: file}); err != nil {
				t.Errorf("%s: %v\n%s", page, err, block)
			}
		}
	}
	if checked < 5 {
		t.Errorf("only %d configurations were checked", checked)
	}
}

// Metrics that the pages name are in docs/metrics.md, which package observe compares
// with what the program exports.
func TestMetricsOfThePages(t *testing.T) {
	pages := documented(t)
	name := regexp.MustCompile(`\bdalil_[a-z][a-z_]*[a-z]\b`)
	listed := name.FindAllString(pages["docs/metrics.md"], -1)
	checked := 0
	for page, text := range pages {
		for _, found := range name.FindAllString(text, -1) {
			if found == "dalil_go" || found == "dalil_process" {
				continue
			}
			for _, suffix := range []string{"_bucket", "_sum", "_count"} {
				found = strings.TrimSuffix(found, suffix)
			}
			checked++
			if !slices.Contains(listed, found) {
				t.Errorf("%s: %s is not in docs/metrics.md", page, found)
			}
		}
	}
	if checked < 40 {
		t.Errorf("only %d metrics were checked", checked)
	}
}

// Messages in the table of docs/operations.md are those of the program.
func TestMessagesOfThePages(t *testing.T) {
	_, table, ok := strings.Cut(documented(t)["docs/operations.md"], "| message |")
	if !ok {
		t.Fatal("docs/operations.md has no table of messages")
	}
	checked := 0
	for row := range strings.SplitSeq(table, "\n") {
		cells := strings.Split(row, "|")
		if len(cells) < 3 {
			continue
		}
		for _, found := range inner.FindAllStringSubmatch(cells[1], -1) {
			for _, part := range regexp.MustCompile(` and is .*| … |dalil doctor`).Split(found[1], -1) {
				if len(part) < 8 {
					continue
				}
				checked++
				if out, err := exec.Command("grep", "-rqF", "--include=*.go", "--exclude=*_test.go", part, "../..").CombinedOutput(); err != nil {
					t.Errorf("no message has %q: %v %s", part, err, out)
				}
			}
		}
	}
	if checked < 8 {
		t.Errorf("only %d messages were checked", checked)
	}
}
